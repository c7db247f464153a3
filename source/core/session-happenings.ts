import type {DiagnoseEvent} from './event.ts';
import type {PlanAnswer} from './fix.ts';
import {bare, type Happening, type Session} from './session.ts';
import {onLogRead} from './session-log.ts';
import {onApply} from './session-run.ts';
import type {Target} from './world.ts';

const nameOf = (target: Target): string => (target.kind === 'compose' ? target.project : target.name);

/** Begins a fresh look: what the last one said is gone, what the reader chose stays. */
export const diagnosing = (session: Session, now: number): Session => ({
	...session,
	screen: 'walking',
	...bare,
	cursor: {...session.cursor, causes: 0, fixes: 0},
	evidence: false,
	looks: [],
	path: [],
	report: null,
	finding: null,
	fix: null,
	refused: {},
	asks: null,
	settings: {},
	plan: null,
	shown: [],
	run: null,
	trouble: null,
	exitCode: null,
	task: {kind: 'diagnose'},
	taskAt: now,
});

function onDiagnose(session: Session, event: DiagnoseEvent, now: number): Session {
	switch (event.type) {
		case 'target':
			return {...session, target: event.target, project: nameOf(event.target)};
		case 'probe-started': {
			const {key, title, like} = event;
			return {
				...session,
				looks: [...session.looks, {key, title, like, startedAt: now, ms: null, known: true, why: null}],
			};
		}
		case 'probe-finished': {
			const {key, ms, known, why} = event;
			return {...session, looks: session.looks.map(look => (look.key === key ? {...look, ms, known, why} : look))};
		}
		case 'walked':
			return {...session, path: event.path};
		case 'diagnosed':
			return {
				...session,
				report: event.report,
				path: event.report.path,
				screen: 'causes',
				...bare,
				task: null,
			};
	}
}

/** A plan is shown, a question is asked, or the fix says why it does not apply. */
function onPlanned(session: Session, answer: PlanAnswer, shown: Session['shown']): Session {
	const next = {...session, ...bare, task: null, draft: ''};
	switch (answer.kind) {
		case 'plan':
			return {...next, screen: 'plan', plan: answer, shown, asks: null};
		case 'asks':
			return {
				...next,
				screen: 'settings',
				asks: {settings: answer.settings, why: answer.why, index: 0},
				cursor: {...session.cursor, settings: 0},
			};
		case 'not-applicable':
			return {...next, screen: 'fixes', asks: null, refused: {...session.refused, [session.fix ?? '']: answer.why}};
	}
}

export function onHappening(session: Session, happening: Happening, now: number): Session {
	switch (happening.type) {
		case 'projects':
			return {...session, projects: happening.projects, task: null};
		case 'opened':
			return happening.unfinished
				? {
						...session,
						screen: 'resume',
						unfinished: happening.unfinished,
						task: null,
						cursor: {...session.cursor, resume: 0},
					}
				: diagnosing(session, now);
		case 'diagnose':
			return onDiagnose(session, happening.event, now);
		case 'planned':
			return onPlanned(session, happening.answer, happening.shown);
		case 'log-read':
			return onLogRead(session, happening.log);
		case 'log-failed':
			return {...session, reading: null, log: session.log && {...session.log, why: happening.why}};
		case 'apply':
			return onApply(session, happening.event, now);
		case 'broken-off':
			return {...session, task: null, done: 'interrupted'};
		case 'trouble': {
			const {trouble} = happening;
			const {task} = session;
			const retry = task?.kind === 'projects' || task?.kind === 'open' ? task : null;
			const next = {
				...session,
				trouble,
				retry,
				screen: 'trouble',
				...bare,
				task: null,
				exitCode: trouble.exitCode,
			} as const;
			return session.stopping ? {...next, done: 'interrupted'} : next;
		}
	}
}
