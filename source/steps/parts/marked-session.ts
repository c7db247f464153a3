import {setTimeout as sleep} from 'node:timers/promises';
import {quoteLiteral} from '../../core/sql-text.ts';
import type {SqlOptions, WriteWorld} from '../../core/write-world.ts';

const patience = 20_000;
const between = 400;

/** First line of long work: by this name its session is found again, should the program be killed in the middle of it. */
export const marking = (program: string): string => `set application_name = ${quoteLiteral(program)};\n`;

/** Ends the sessions of a killed run: psql goes on by itself when the program that started it is gone. */
export async function endMarked(
	world: WriteWorld,
	service: string,
	program: string,
	options: SqlOptions,
): Promise<void> {
	const ours = `from pg_stat_activity where application_name = ${quoteLiteral(program)} and datname = current_database() and pid <> pg_backend_pid()`;
	const ask = async (what: string): Promise<number> =>
		Number((await world.write.sql(service, `select ${what} ${ours};`, options)).stdout.trim());
	if ((await ask('count(pg_terminate_backend(pid))')) === 0) return;
	for (const end = Date.now() + patience; Date.now() < end && (await ask('count(*)')) > 0; ) await sleep(between);
}
