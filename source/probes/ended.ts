import type {See} from '../core/probe.ts';
import {isFresh} from './ailing.ts';
import {type ContainerEnding, containerEnding} from './container-ending.ts';
import {said, serviceNamed} from './looks.ts';
import {memoryUse} from './memory-use.ts';
import type {LogEvent} from './service-log.ts';

/** Below this share of its memory a machine kills what it can (half of what earlyoom takes for urgent). */
const shortage = 0.05;

/** Whether the machine itself has next to no memory left now. */
export function isMachineShort(see: See, service: string): boolean {
	const {total, available} = see(memoryUse, service).machine;
	return available < total * shortage;
}

/** A process of a database that was killed by signal 9 while the server lives on; null when none was, lately. */
export function killedChild(see: See, database: string): LogEvent | null {
	if (serviceNamed(see, database)?.status !== 'running') return null;
	const event = said(see, database, 'process-killed');
	return event && isFresh(see, event.at) ? event : null;
}

const kill = 9;

/** How a container came to exit code 137 without the kernel's memory killer, told from the engine's own memory of it. */
export function killer({
	signals,
	stopped,
	remembered,
}: ContainerEnding): 'stop-timeout' | 'kill' | 'inside' | 'unknown' {
	const last = signals.at(-1);
	if (last?.signal === kill) return signals.some(({signal}) => signal !== kill) || stopped ? 'stop-timeout' : 'kill';
	return remembered ? 'inside' : 'unknown';
}

export const killerOf = (see: See, service: string): ReturnType<typeof killer> => killer(see(containerEnding, service));
