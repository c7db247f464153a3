import type {ExitCode} from '../core/trouble.ts';
import type {ReadWorld} from '../core/world.ts';
import {diagnose} from '../engine/diagnose.ts';
import {type RunRecord, readRecord} from '../report/record.ts';
import {verdict} from '../report/verdict.ts';
import type {Context} from './context.ts';
import {follow} from './look.ts';
import {show} from './show.ts';

const never = (): never => {
	throw new Error('a replay looks at its record only');
};

/** A world that has a target and a time and nothing to look at: the engine answers from the record. */
const recordedWorld = ({target, observedAt}: RunRecord): ReadWorld =>
	new Proxy({target, now: () => new Date(observedAt), redact: (text: string) => text} as ReadWorld, {
		get: (known, name) => (name in known ? Reflect.get(known, name) : never()),
	});

/** The same walk over recorded facts. Neither an engine nor a database is asked. */
export async function run(context: Context): Promise<ExitCode> {
	const [path = ''] = context.words;
	const record = await readRecord(path);
	const events = diagnose(recordedWorld(record), {signal: context.signal, recorded: new Map(record.facts)});
	const {report} = await follow(context, events);
	show(context, report);
	return verdict(report);
}
