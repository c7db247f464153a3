import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';
import {presentContainer} from './present-container.ts';

/** How the last run of a container ended, as far as the engine remembers. */
export type ContainerEnding = {
	/** Signals that went through the engine, oldest first, by number. */
	signals: {at: string; signal: number}[];
	/** The engine saw a process of it being killed for its memory. */
	outOfMemory: boolean;
	/** Somebody asked the engine to stop it. */
	stopped: boolean;
	/** False when the engine no longer remembers the end: it keeps the last 256 events of all containers. */
	remembered: boolean;
	/** Seconds that the engine waits between the stop signal and SIGKILL. */
	grace: number;
};

/** Before the end a stop signal may have been sent, and waited for, this long ago. */
const longestGrace = 15 * 60_000;
/** An end is told a moment after it is noted. */
const after = 2000;

const numbers: Record<string, number> = {SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGKILL: 9, SIGTERM: 15};

export const containerEnding = probe<ContainerEnding>({
	id: 'container-ending',
	title: service => say(`Asking the engine who ended ${service}`, `询问引擎是谁结束了 ${service}`),
	like: service => `docker events --since <last start> --until <end> --filter container=<${service} container>`,
	deadline: 5000,
	async observe(world, service, signal) {
		const container = await presentContainer(world, service);
		if (!container?.finishedAt) throw new Error('it has not ended');
		const end = Date.parse(container.finishedAt);
		const start = Math.max(end - longestGrace, container.startedAt ? Date.parse(container.startedAt) : 0);
		const events = await world.docker.events(
			container.id,
			new Date(Math.min(start, end)).toISOString(),
			new Date(end + after).toISOString(),
			signal,
		);
		return {
			signals: events.flatMap(({action, signal: sent, at}) => {
				const number = Number(sent) || numbers[sent ?? ''];
				return action === 'kill' && number ? [{at, signal: number}] : [];
			}),
			outOfMemory: events.some(({action}) => action === 'oom'),
			stopped: events.some(({action}) => action === 'stop' || action === 'restart'),
			remembered: events.some(({action}) => action === 'die'),
			grace: container.confinement?.stopGrace ?? 10,
		};
	},
});
