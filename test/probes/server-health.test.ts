import {expect, test} from 'vitest';
import {say, verbatim} from '../../source/core/say.ts';
import {Trouble} from '../../source/core/trouble.ts';
import type {ReadWorld} from '../../source/core/world.ts';
import {serverHealth} from '../../source/probes/server-health.ts';
import {storedPage} from '../../source/probes/stored-page.ts';
import {container} from '../helpers/container.ts';
import {fakeWorld, never} from './fake-world.ts';

function worldThat(query: (sql: string) => Promise<Record<string, unknown>[]>): ReadWorld {
	const world = fakeWorld({containers: [container('db', {image: 'postgres:15'})]});
	return {...world, database: service => ({...world.database(service), query})};
}

const trouble = (code: string, why: string) => () =>
	Promise.reject(new Trouble(code, say('No.', '否。'), {why: verbatim(why)}));

test('a refusal for want of connections is an answer, and the holders come from the processes', async () => {
	const world = worldThat(trouble('query-failed', 'FATAL:  sorry, too many clients already'));
	world.docker.processes = async () => ['postgres: shop shopdb 172.18.0.3(5) idle', 'postgres: checkpointer '];
	expect(await serverHealth.observe(world, 'db', never)).toMatchObject({
		kind: 'full',
		says: 'FATAL:  sorry, too many clients already',
		holders: [{role: 'shop', count: 1}],
	});
});

test('a socket that asks for a password and a server that is gone are answers, anything else is none', async () => {
	expect(await serverHealth.observe(worldThat(trouble('socket-denied', '')), 'db', never)).toEqual({
		kind: 'socket-denied',
	});
	expect(await serverHealth.observe(worldThat(trouble('not-running', '')), 'db', never)).toEqual({kind: 'not-running'});
	await expect(serverHealth.observe(worldThat(trouble('query-failed', 'timeout')), 'db', never)).rejects.toThrow('No.');
	await expect(
		serverHealth.observe(
			worldThat(async () => []),
			'db',
			never,
		),
	).rejects.toThrow('no row');
});

const blank = Buffer.alloc(8192);
const torn = Buffer.alloc(8192, 1);

/** Answers the page's owner from the catalog, and its content from a list, one after the other. */
function disk(...pages: (Buffer | null)[]): {world: ReadWorld; asked: string[]} {
	const asked: string[] = [];
	const world = worldThat(async sql => {
		asked.push(sql);
		if (/pg_filenode_relation/.test(sql)) return [{name: 'visits_pkey', kind: 'i', table: 'visits'}];
		const page = pages.shift() ?? null;
		return [{size: page ? 8192 : null, page: page?.toString('base64') ?? null, checksums: true, database: 'shopdb'}];
	});
	return {world, asked};
}

test('a page is judged, and named with the index and the table that it belongs to', async () => {
	const {world} = disk(torn, torn);
	expect(await storedPage.observe(world, 'db base/5/16384 3', never)).toEqual({
		...{path: 'base/5/16384', block: 3, state: 'wrong-checksum', checksums: true, database: 'shopdb'},
		relation: {name: 'visits_pkey', kind: 'index', table: 'visits'},
	});
});

test('a page that was caught while it was written is read again', async () => {
	expect(await storedPage.observe(disk(torn, blank).world, 'db base/5/16384 3', never)).toMatchObject({state: 'empty'});
	expect(await storedPage.observe(disk(null).world, 'db base/5/16384 3', never)).toMatchObject({state: 'gone'});
});

test('beyond the first GiB the page lies in another file', async () => {
	const {world, asked} = disk(blank);
	await storedPage.observe(world, 'db base/5/16384 131075', never);
	expect(asked[0]).toContain("'base/5/16384.1', 24576, 8192");
});

test('nothing but a page of the data directory is asked for', async () => {
	for (const about of ["db base/5/1') 3", 'db ../../etc/passwd 3', 'db base/5/16384 x', 'db /etc/passwd 0'])
		await expect(storedPage.observe(disk().world, about, never)).rejects.toThrow('names no page');
});

test('a disk that gives an error is told, with what lies there', async () => {
	const world = worldThat(async sql => {
		if (/pg_read_binary_file/.test(sql))
			throw new Trouble('query-failed', say('No.', '否。'), {why: verbatim('could not read file: Input/output error')});
		return /pg_filenode_relation/.test(sql) ? [{name: 'visits', kind: 'r', table: null}] : [{database: 'shopdb'}];
	});
	expect(await storedPage.observe(world, 'db base/5/16384 3', never)).toMatchObject({
		state: 'unreadable',
		relation: {name: 'visits', kind: 'table'},
	});
});
