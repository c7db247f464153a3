import type {Text} from './say.ts';

/** What a probe saw. `unknown` means it could not look, and never that the thing is absent. */
export type Fact<Value = unknown> =
	| {state: 'known'; value: Value; at: string; ms: number}
	| {state: 'unknown'; why: Text; at: string; ms: number};

/** All facts of one run, by `factKey`. Plain JSON: the same map drives a replay without an engine. */
export type Facts = ReadonlyMap<string, Fact>;

/** @param about the service or credential that the probe looked at, or nothing for the whole deployment */
export const factKey = (probe: string, about?: string): string => (about === undefined ? probe : `${probe} ${about}`);
