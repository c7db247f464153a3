import {type Fact, type Facts, factKey} from '../core/fact.ts';
import {say, type Text, verbatim} from '../core/say.ts';
import {Trouble} from '../core/trouble.ts';
import type {Want} from '../core/walk-signals.ts';
import type {ReadWorld} from '../core/world.ts';

const defaultDeadline = 10_000;

const reasonOf = (error: unknown, redact: (text: string) => string): Text => {
	if (error instanceof Trouble) return error.why ?? error.what;
	return verbatim(redact(error instanceof Error ? error.message : String(error)));
};

/**
 * Makes one observation. A probe that throws or misses its deadline gives an unknown fact with the reason, never a crash.
 * @param timeout milliseconds that replace the probe's own deadline when they are fewer
 */
export async function observe(world: ReadWorld, want: Want, signal: AbortSignal, timeout?: number): Promise<Fact> {
	const {probe, about} = want;
	const started = performance.now();
	const at = world.now().toISOString();
	const limit = Math.min(probe.deadline ?? defaultDeadline, timeout ?? Number.POSITIVE_INFINITY);
	const deadline = AbortSignal.timeout(limit);
	const both = AbortSignal.any([signal, deadline]);
	const ms = (): number => Math.round(performance.now() - started);
	let stop: (() => void) | undefined;
	const ended = new Promise<never>((_, reject) => {
		stop = () => reject(both.reason);
		both.addEventListener('abort', stop, {once: true});
	});
	try {
		const value = await Promise.race([probe.observe(world, about, both), ended]);
		return {state: 'known', value, at, ms: ms()};
	} catch (error) {
		if (signal.aborted) throw error;
		const why = deadline.aborted
			? say(`no answer within ${limit / 1000} s`, `${limit / 1000} 秒内没有回答`)
			: reasonOf(error, text => world.redact(text));
		return {state: 'unknown', why, at, ms: ms()};
	} finally {
		if (stop) both.removeEventListener('abort', stop);
	}
}

/** Observes everything that is wanted, side by side, each thing once. */
export async function observeAll(
	world: ReadWorld,
	wants: readonly Want[],
	signal: AbortSignal,
	timeout?: number,
): Promise<Map<string, Fact>> {
	const once = new Map(wants.map(want => [factKey(want.probe.id, want.about || undefined), want]));
	const pairs = await Promise.all(
		[...once].map(async ([key, want]) => [key, await observe(world, want, signal, timeout)] as const),
	);
	return new Map(pairs);
}

/** Answers from a record: what was not recorded is unknown, so a replay never touches an engine. */
export function recall(facts: Facts, wants: readonly Want[]): Map<string, Fact> {
	const at = new Date(0).toISOString();
	return new Map(
		wants.map(({probe, about}) => {
			const key = factKey(probe.id, about || undefined);
			return [key, facts.get(key) ?? {state: 'unknown', why: say('not in the record', '记录中没有'), at, ms: 0}];
		}),
	);
}
