import type {See} from '../core/probe.ts';
import type {Subscription} from '../core/server-health.ts';
import {eventsOf, healthOf, saidAll} from './data-looks.ts';
import {deploymentState} from './deployment-state.ts';
import {serviceNamed} from './looks.ts';
import type {LogEvent} from './service-log.ts';

/** A receiver that lost its primary tries again every 5 s (wal_retrieve_retry_interval); a little more is patience. Milliseconds. */
const patience = 15_000;

/** The last complaint about the primary that no successful start of streaming has answered since. */
export function streamingFailure(see: See, database: string): LogEvent | null {
	if (database === '') return null;
	const failed = saidAll(see, database, 'stream-broken').findLast(({severity}) => severity === 'FATAL');
	if (!failed) return null;
	const events = eventsOf(see, database);
	const started = events.findLastIndex(({text}) => /started streaming WAL from primary/.test(text));
	return events.lastIndexOf(failed) > started ? failed : null;
}

/** `told`: the log says why. `silent`: no receiver runs, and nothing tells why. */
export function standbyState(see: See, database: string): 'fine' | 'told' | 'silent' {
	const standby = healthOf(see, database)?.standby;
	if (!standby?.follows || standby.receiver?.status === 'streaming') return 'fine';
	if (streamingFailure(see, database)) return 'told';
	const startedAt = serviceNamed(see, database)?.startedAt;
	const age = startedAt
		? Date.parse(see(deploymentState).observedAt) - Date.parse(startedAt)
		: Number.POSITIVE_INFINITY;
	// A standby that is fed from an archive needs no receiver.
	return standby.archive || age < patience ? 'fine' : 'silent';
}

export type BrokenSubscription = Subscription & {event: LogEvent};

/** The last error of a worker that ended: its own line, else the line that tells of its end. */
function workersEnd(see: See, database: string): LogEvent | null {
	const end = saidAll(see, database, 'stream-broken').findLast(({text}) => /exited with exit code [1-9]/.test(text));
	const pid = Number(/\(PID (\d+)\)/.exec(end?.text ?? '')?.[1]);
	const error = eventsOf(see, database).findLast(event => event.pid === pid && event.severity === 'ERROR');
	return error ?? end ?? null;
}

/** Subscriptions that should receive and do not, and those that the server itself switched off. */
export function brokenSubscriptions(see: See, database: string): BrokenSubscription[] {
	const all = healthOf(see, database)?.subscriptions ?? [];
	const idle = all.filter(({working}) => !working);
	if (idle.length === 0) return [];
	if (database === '') return [];
	const switchedOff = (name: string): LogEvent | undefined =>
		saidAll(see, database, 'stream-broken').findLast(
			({text}) => text.includes(`"${name}"`) && /has been disabled/.test(text),
		);
	return idle.flatMap(subscription => {
		const event = subscription.enabled ? workersEnd(see, database) : switchedOff(subscription.name);
		return event ? [{...subscription, event}] : [];
	});
}
