import type {Happening, Intent, Session} from './session.ts';
import {onHappening} from './session-happenings.ts';
import {onIntent} from './session-intents.ts';

/** A message of the reader or of a task, with the time on the screen's clock in milliseconds. */
export type Stamped = {message: Intent | Happening; at: number};

const happenings = new Set<string>([
	'projects',
	'opened',
	'diagnose',
	'planned',
	'log-read',
	'log-failed',
	'apply',
	'broken-off',
	'trouble',
] satisfies Happening['type'][]);

const isHappening = (message: Intent | Happening): message is Happening => happenings.has(message.type);

/** The whole wizard as one pure function. What it wants done stands in `task`. */
export function reduce(session: Session, {message, at}: Stamped): Session {
	if (session.done) return session;
	return isHappening(message) ? onHappening(session, message, at) : onIntent(session, message, at);
}
