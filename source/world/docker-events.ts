import type Docker from 'dockerode';
import {LineReader} from '../core/hostile.ts';
import type {ContainerEvent} from '../core/world.ts';
import {engineTime} from './docker-logs.ts';
import {streamFrom} from './docker-transport.ts';

type Raw = {
	Action?: string;
	timeNano?: number;
	time?: number;
	Actor?: {Attributes?: {signal?: string; exitCode?: string}};
};

const number = (text: string | undefined): number | null => (text && /^\d+$/.test(text) ? Number(text) : null);

/** The engine sends one JSON object per line; half a line at the end is an answer that broke off. */
function readEvent(line: string): ContainerEvent[] {
	if (line.trim() === '') return [];
	const {Action: action = '', time = 0, timeNano, Actor} = JSON.parse(line) as Raw;
	const attributes = Actor?.Attributes ?? {};
	const at = new Date(timeNano ? timeNano / 1e6 : time * 1000).toISOString();
	return [{at, action, signal: attributes.signal ?? null, exitCode: number(attributes.exitCode)}];
}

/**
 * What happened to one container in a span of time (Docker Engine API, "Monitor events"). The engine keeps the last 256 events of
 * everything it runs, and each health check makes three, so that an empty answer means that nobody remembers.
 */
export async function readEvents(
	docker: Docker,
	{id, since, until}: {id: string; since: string; until: string},
	signal?: AbortSignal,
): Promise<ContainerEvent[]> {
	const options = {
		since: engineTime(since),
		until: engineTime(until),
		filters: JSON.stringify({container: [id], event: ['kill', 'die', 'oom', 'stop', 'start', 'restart']}),
	};
	const stream = await streamFrom(docker, {path: '/events?', method: 'GET', options, abortSignal: signal});
	const reader = new LineReader();
	const lines: string[] = [];
	for await (const chunk of stream) lines.push(...reader.push(Buffer.from(chunk)));
	return [...lines, ...reader.end()].flatMap(readEvent);
}
