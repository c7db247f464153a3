import type {Finding, Symptom} from './diagnosis.ts';
import {bare, findingUnderCursor, type LogView, type ReadLog, type Session} from './session.ts';

const unread: LogView = {
	service: null,
	services: [],
	lines: null,
	cut: false,
	why: null,
	query: '',
	typing: null,
	hit: null,
};

/** The finding whose log is asked for: the one under the cursor, or the one that is being cured. */
export const findingOfLog = (session: Session): Finding | null =>
	session.screen === 'causes' ? findingUnderCursor(session) : session.finding;

/** What services wrote that speaks of the finding or, without one, of any symptom. */
export const tellingSymptoms = (session: Session): readonly Symptom[] => {
	const finding = findingOfLog(session);
	return (session.report?.symptoms ?? []).filter(({explainedBy}) => !finding || explainedBy.includes(finding.id));
};

/** Services in the order in which their logs are worth reading: who is ill first, then who suffers, then the others. */
function inOrder(session: Session, all: readonly string[]): string[] {
	const finding = findingOfLog(session);
	const told = [
		...(finding?.subject ? [finding.subject] : []),
		...tellingSymptoms(session).map(({service}) => service),
		...(finding?.affects ?? []),
	];
	return [...new Set([...told.filter(service => all.length === 0 || all.includes(service)), ...all])];
}

const read = (session: Session, log: LogView, now: number): Session => ({
	...session,
	overlay: 'log',
	scroll: null,
	log,
	reading: {kind: 'log', service: log.service},
	readingAt: now,
});

/** Opens the log of the service that is most worth reading. */
export function openLog(session: Session, now: number): Session {
	const services = inOrder(session, []);
	return read(session, {...unread, services, service: services[0] ?? null}, now);
}

/** @param by the next service or the one before; 0 reads the same log again */
export function turnLog(session: Session, by: number, now: number): Session {
	const {log} = session;
	if (session.overlay !== 'log' || !log) return session;
	const {services, service, query} = log;
	const place = services.indexOf(service ?? '') + by + services.length;
	const next = services[place % Math.max(1, services.length)] ?? service;
	return read(session, {...unread, services, service: next, query}, now);
}

export const onLogRead = (session: Session, {service, services, lines, cut}: ReadLog): Session => ({
	...session,
	reading: null,
	log: session.log && {...session.log, service, services: inOrder(session, services), lines, cut},
});

/** Esc ends the typing, then the search, then closes the log. */
export function closeLog(session: Session): Session {
	const {log} = session;
	if (log && log.typing !== null) return {...session, log: {...log, typing: null}};
	if (log?.query) return {...session, log: {...log, query: '', hit: null}};
	return {...session, ...bare};
}

export const searching = (session: Session): Session =>
	session.overlay === 'log' && session.log?.lines ? {...session, log: {...session.log, typing: ''}} : session;

export const typeSearch = (session: Session, text: string): Session => ({
	...session,
	log: session.log && {...session.log, typing: `${session.log.typing ?? ''}${text}`},
});

export const eraseSearch = (session: Session): Session => ({
	...session,
	log: session.log && {...session.log, typing: [...(session.log.typing ?? '')].slice(0, -1).join('')},
});
