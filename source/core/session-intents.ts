import {
	bare,
	cursorOf,
	findingUnderCursor,
	type Intent,
	isChanging,
	isSearching,
	isTyping,
	itemsOf,
	type Session,
	settingOf,
} from './session.ts';
import {diagnosing} from './session-happenings.ts';
import {closeLog, eraseSearch, openLog, searching, turnLog, typeSearch} from './session-log.ts';
import {newRun} from './session-run.ts';

const clamp = (value: number, items: number): number => Math.max(0, Math.min(items - 1, value));

const moveTo = (session: Session, place: number): Session =>
	session.screen in session.cursor
		? {
				...session,
				scroll: null,
				evidence: false,
				cursor: {...session.cursor, [session.screen]: clamp(place, itemsOf(session))},
			}
		: session;

const show = (session: Session, screen: Session['screen'], change: Partial<Session> = {}): Session => ({
	...session,
	screen,
	...bare,
	...change,
});

const planning = (session: Session, settings: Record<string, string>, now: number): Session =>
	session.finding && session.fix
		? {...session, settings, task: {kind: 'plan', finding: session.finding, fix: session.fix, settings}, taskAt: now}
		: session;

function applying(session: Session, confirmed: string | null, now: number): Session {
	const run = newRun('apply', session.fix, session.shown, now);
	return show(session, 'applying', {run, draft: '', task: {kind: 'apply', confirmed}, taskAt: now});
}

/** Takes one answer and goes on to the next question, or back to planning. */
function answered(session: Session, value: string, now: number): Session {
	const {asks} = session;
	const setting = settingOf(session);
	if (!asks || !setting) return session;
	const settings = {...session.settings};
	// An empty answer leaves it to the plan.
	if (value === '') delete settings[setting.key];
	else settings[setting.key] = value;
	const next = {...session, settings, draft: '', cursor: {...session.cursor, settings: 0}};
	return asks.index + 1 < asks.settings.length
		? {...next, asks: {...asks, index: asks.index + 1}}
		: planning(next, settings, now);
}

function enter(session: Session, now: number): Session {
	const {screen, cursor} = session;
	switch (screen) {
		case 'choosing': {
			const project = session.projects?.[cursor.choosing];
			return project
				? show(session, 'walking', {
						project: project.name,
						looks: [],
						path: [],
						task: {kind: 'open', project: project.name},
						taskAt: now,
					})
				: session;
		}
		case 'resume': {
			const {unfinished} = session;
			if (!unfinished || cursor.resume > 1) return diagnosing({...session, unfinished: null}, now);
			const resumes = cursor.resume === 0;
			const run = newRun(resumes ? 'resume' : 'undo', unfinished.fix, [], now);
			return show(session, 'applying', {
				run,
				task: resumes ? {kind: 'resume'} : {kind: 'undo', id: unfinished.id},
				taskAt: now,
			});
		}
		case 'walking':
			return session.report ? show(session, 'causes') : session;
		case 'causes': {
			const finding = findingUnderCursor(session);
			if (!finding || finding.fixes.length === 0) return session;
			return show(session, 'fixes', {finding, fix: null, refused: {}, settings: {}, cursor: {...cursor, fixes: 0}});
		}
		case 'fixes': {
			const fix = session.finding?.fixes[cursor.fixes];
			return fix ? planning({...session, fix: fix.id}, {}, now) : session;
		}
		case 'settings': {
			const setting = settingOf(session);
			if (!setting) return session;
			// A secret comes by `secret-given`: it must not pass through here.
			return setting.secret
				? session
				: answered(session, setting.choices?.[cursor.settings] ?? session.draft.trim(), now);
		}
		case 'plan':
			return session.plan ? show(session, 'consent', {draft: ''}) : session;
		case 'consent': {
			const confirm = session.plan?.confirm;
			if (!confirm) return applying(session, null, now);
			return session.draft === confirm.name ? applying(session, session.draft, now) : session;
		}
		case 'proof':
			// What is left is asked about afresh: plans must not be made of facts from before the change.
			return session.run?.finished?.report?.diagnoses.length ? diagnosing(session, now) : {...session, done: 'left'};
		case 'trouble':
		case 'applying':
			return session;
	}
}

/** Help over the log leads back to it. */
const closeHelp = (session: Session): Session => ({...session, overlay: session.log ? 'log' : null, scroll: null});

function back(session: Session): Session {
	if (session.overlay === 'log') return closeLog(session);
	if (session.overlay) return closeHelp(session);
	const {screen} = session;
	// What was only being read may be left at once; the store drops it.
	const idle = {task: null};
	switch (screen) {
		case 'walking':
			return session.choice ? show(session, 'choosing', {task: {kind: 'projects'}}) : session;
		case 'causes':
			return show(session, 'walking');
		case 'fixes':
			return session.task ? {...session, ...idle} : show(session, 'causes');
		case 'settings':
			return show(session, 'fixes', {...idle, draft: '', asks: null});
		case 'plan':
			return show(session, 'fixes', {plan: null, shown: []});
		case 'consent':
			return show(session, 'plan', {draft: ''});
		case 'trouble':
			return session.report
				? show(session, 'causes', {trouble: null})
				: session.choice
					? show(session, 'choosing', {trouble: null, task: {kind: 'projects'}})
					: session;
		case 'choosing':
		case 'resume':
		case 'applying':
		case 'proof':
			return session;
	}
}

/** A change is first asked to end cleanly; asked hard a second time, and everything that only reads, ends at once. */
function stop(session: Session, hard: boolean): Session {
	if (isChanging(session) && !(hard && session.stopping)) return {...session, stopping: true, ...bare};
	return {...session, done: hard || session.task !== null ? 'interrupted' : 'left'};
}

function again(session: Session, now: number): Session {
	if (session.overlay === 'log') return turnLog(session, 0, now);
	if (session.screen === 'choosing') return {...session, projects: null, task: {kind: 'projects'}, taskAt: now};
	const askable = ['walking', 'causes', 'fixes', 'trouble', 'proof'].includes(session.screen);
	if (!askable || session.task) return session;
	const {retry} = session;
	if (session.screen === 'trouble' && retry)
		return show(session, retry.kind === 'projects' ? 'choosing' : 'walking', {
			trouble: null,
			exitCode: null,
			task: {...retry},
			taskAt: now,
		});
	return diagnosing(session, now);
}

export function onIntent(before: Session, intent: Intent, now: number): Session {
	const session = before.notice ? {...before, notice: null} : before;
	switch (intent.type) {
		case 'move':
			return moveTo(session, cursorOf(session) + intent.by);
		case 'edge':
			return moveTo(session, intent.to === 'first' ? 0 : itemsOf(session) - 1);
		case 'scroll':
			return {...session, scroll: intent.to};
		case 'enter':
			return session.overlay === 'help'
				? closeHelp(session)
				: session.overlay
					? {...session, ...bare}
					: session.task
						? session
						: enter(session, now);
		case 'yes':
			return session.screen === 'consent' && !session.plan?.confirm ? enter(session, now) : session;
		case 'back':
			return back(session);
		case 'quit':
			return stop(session, false);
		case 'interrupt':
			return stop(session, true);
		case 'help':
			return session.overlay === 'help' ? closeHelp(session) : {...session, overlay: 'help', scroll: null};
		case 'log':
			return session.overlay === 'log' ? {...session, ...bare} : openLog(session, now);
		case 'turn':
			return turnLog(session, intent.by, now);
		case 'search':
			return searching(session);
		case 'found': {
			const {query, hit, to} = intent;
			return {...session, scroll: to ?? session.scroll, log: session.log && {...session.log, query, hit, typing: null}};
		}
		case 'evidence':
			return {...session, evidence: !session.evidence, scroll: null};
		case 'again':
			return again(session, now);
		case 'type':
			if (isSearching(session)) return typeSearch(session, intent.text);
			return isTyping(session) ? {...session, draft: session.draft + intent.text} : session;
		case 'erase':
			if (isSearching(session)) return eraseSearch(session);
			return isTyping(session) ? {...session, draft: [...session.draft].slice(0, -1).join('')} : session;
		case 'secret-given':
			return answered(session, intent.reference, now);
		case 'notice':
			return {...session, notice: intent.says};
	}
}
