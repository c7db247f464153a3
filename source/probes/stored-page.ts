import {setTimeout as sleep} from 'node:timers/promises';
import {harmlessAll} from '../core/hostile.ts';
import {judgePage, type PageState, pageSize} from '../core/page-checksum.ts';
import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';
import {Trouble} from '../core/trouble.ts';
import type {ReadWorld} from '../core/world.ts';

/** A page that the server complained about, as it lies on disk now. Nothing of what is in it leaves the probe. */
export type StoredPage = {
	path: string;
	block: number;
	/** `gone`: the file is no longer there. `unreadable`: the disk itself gives an error. */
	state: PageState | 'gone' | 'unreadable';
	checksums: boolean;
	database: string | null;
	/** What the file belongs to; null when nothing in the catalog owns it any more. */
	relation: {name: string; kind: 'table' | 'index' | 'toast' | 'other'; table: string | null} | null;
};

/** What the probe is asked about. @param path as the log tells it: `base/<database>/<file>`, segment or not */
export const pageOf = (service: string, path: string, block: number): string =>
	`${service} ${path.replace(/\.\d+$/, '')} ${block}`;

const safePath = /^(?:base|global|pg_tblspc)\/[\w/]+$/;
/** Blocks in one file: relations are cut into files of 1 GiB. */
const blocksPerFile = 131_072;
/** A page that is being written may be caught half way; a damaged one stays as it is. */
const pause = 200;

type Read = {size: number | null; page: string | null; checksums: boolean; database: string | null};

/** One look at the page, and at the name of the database whose number stands in its path. */
async function readPage(
	world: ReadWorld,
	service: string,
	path: string,
	block: number,
	signal: AbortSignal,
): Promise<Pick<StoredPage, 'state' | 'checksums' | 'database'>> {
	const file = block < blocksPerFile ? path : `${path}.${Math.floor(block / blocksPerFile)}`;
	const offset = (block % blocksPerFile) * pageSize;
	const named = `(select datname from pg_database where oid = ${/^base\/(\d+)\//.exec(path)?.[1] ?? 0}) as database`;
	try {
		const [row] = (await world.database(service).query(
			`select (pg_stat_file('${file}', true)).size as size, current_setting('data_checksums') = 'on' as checksums,
				${named},
				encode(pg_read_binary_file('${file}', ${offset}, ${pageSize}, true), 'base64') as page`,
			{signal},
		)) as Read[];
		if (!row) throw new Error('the page query gave no row');
		const {size, page, checksums, database} = row;
		const state = size === null ? 'gone' : judgePage(Buffer.from(page ?? '', 'base64'), block, checksums);
		return {state, checksums, database};
	} catch (error) {
		if (!(error instanceof Trouble) || !/Input\/output error/.test(error.why?.en ?? '')) throw error;
		const [row] = (await world.database(service).query(`select ${named}`, {signal})) as Pick<Read, 'database'>[];
		return {state: 'unreadable', checksums: false, database: row?.database ?? null};
	}
}

const kinds: Record<string, NonNullable<StoredPage['relation']>['kind']> = {
	r: 'table',
	m: 'table',
	i: 'index',
	t: 'toast',
};

/** Whose file it is. A table's toast and its indexes are named with the table. */
async function ownerOf(
	world: ReadWorld,
	service: string,
	database: string,
	path: string,
	signal: AbortSignal,
): Promise<StoredPage['relation']> {
	const file = /^base\/\d+\/(\d+)/.exec(path)?.[1];
	if (!file) return null;
	const [row] = (await world.database(service).query(
		`select c.oid::regclass::text as name, c.relkind::text as kind,
			coalesce(i.indrelid::regclass::text, owner.oid::regclass::text) as "table"
		from pg_class c left join pg_index i on i.indexrelid = c.oid left join pg_class owner on owner.reltoastrelid = c.oid
		where c.oid = pg_filenode_relation(0, ${file})`,
		{database, signal},
	)) as {name: string; kind: string; table: string | null}[];
	return row ? {name: row.name, kind: kinds[row.kind] ?? 'other', table: row.table} : null;
}

export const storedPage = probe<StoredPage>({
	id: 'stored-page',
	title: about => say(`Reading the damaged page ${about} as it lies on disk`, `从磁盘读取疑似损坏的页 ${about}`),
	like: about => {
		const [service = '', path = '', block = '0'] = about.split(' ');
		return `docker compose exec -u postgres ${service} psql -d template1 -c "select pg_read_binary_file('${path}', ${Number(block) * pageSize}, ${pageSize})"`;
	},
	deadline: 20_000,
	async observe(world, about, signal) {
		const [service = '', path = '', number = ''] = about.split(' ');
		const block = Number(number);
		if (!safePath.test(path) || !Number.isSafeInteger(block)) throw new Error(`${about} names no page`);
		const look = () => readPage(world, service, path, block, signal);
		const first = await look();
		const sound = ['sound', 'empty', 'gone'].includes(first.state);
		const [last, relation] = await Promise.all([
			sound ? first : sleep(pause, undefined, {signal}).then(look),
			first.database === null ? null : ownerOf(world, service, first.database, path, signal),
		]);
		return harmlessAll({path, block, ...last, database: first.database, relation}, text => world.redact(text));
	},
});
