import {list, say} from '../../core/say.ts';
import type {RowCounts} from '../../core/snapshot.ts';
import {countDifferences} from '../../core/snapshot.ts';
import {quoteIdentifier} from '../../core/sql-text.ts';
import {Trouble} from '../../core/trouble.ts';
import type {WriteWorld} from '../../core/write-world.ts';
import type {PrivateServer} from '../../world/private-server.ts';
import {checked} from '../../world/sql-session.ts';
import {countRows, databasesQuery} from './row-counts.ts';

/** A server and the bootstrap superuser's name in it. */
export type Side = {server: PrivateServer; role: string};

/** Limits that the application's own roles and databases carry are not meant for this. */
const unhurried = 'set statement_timeout = 0; set lock_timeout = 0;\n';

export const asking =
	({server, role}: Side, world: WriteWorld) =>
	async (query: string, database: string): Promise<string> =>
		checked(await server.psql(`${unhurried}${query}`, role, database), text => world.redact(text)).stdout;

/** How a cluster was made: what initdb has to be told again. Readable by every version since 9.5. */
export const clusterQuery = `select pg_encoding_to_char(encoding), datcollate, datctype, coalesce(to_jsonb(d)->>'datlocprovider', 'c'), coalesce(to_jsonb(d)->>'daticulocale', to_jsonb(d)->>'datlocale', ''), coalesce(to_jsonb(d)->>'daticurules', ''), current_setting('data_checksums'), current_setting('lc_messages'), current_setting('lc_monetary'), current_setting('lc_numeric'), current_setting('lc_time'), pg_is_in_recovery() from pg_database d where datname = 'template1';`;

export type ClusterShape = {arguments_: string[]; standby: boolean};

/** @param row of `clusterQuery`, its columns parted by tabs */
export function shapeOf(row: string, role: string): ClusterShape {
	const [
		encoding = '',
		collate = '',
		ctype = '',
		provider = 'c',
		locale = '',
		rules = '',
		checksums = '',
		messages = '',
		monetary = '',
		numeric = '',
		time = '',
		standby = '',
	] = row.replace(/\n$/, '').split('\t');
	const option = (name: string, value: string): string[] => (value === '' ? [] : [`--${name}=${value}`]);
	return {
		standby: standby === 't',
		arguments_: [
			`--username=${role}`,
			`--encoding=${encoding}`,
			...option('lc-collate', collate),
			...option('lc-ctype', ctype),
			...option('lc-messages', messages),
			...option('lc-monetary', monetary),
			...option('lc-numeric', numeric),
			...option('lc-time', time),
			...(provider === 'i'
				? ['--locale-provider=icu', ...option('icu-locale', locale), ...option('icu-rules', rules)]
				: []),
			...(provider === 'b' ? ['--locale-provider=builtin', ...option('builtin-locale', locale)] : []),
			// Without them the new version's own default holds: from 18 on it has checksums.
			...(checksums === 'on' ? ['--data-checksums'] : []),
			// Nobody gets in before the access rules of the old cluster are in place.
			'--auth-local=peer',
			'--auth-host=reject',
		],
	};
}

const databasesOf = async (ask: ReturnType<typeof asking>): Promise<string[]> =>
	(await ask(databasesQuery, 'template1')).split('\n').filter(name => name !== '');

/** What `pg_dumpall` passes over without a word: databases that refuse connections, and transactions that wait for their second phase. */
const passedOverQuery = `select datname from pg_database where not datallowconn and datname <> 'template0' union all select 'prepared transaction ' || gid from pg_prepared_xacts;`;

/** @throws Trouble naming what would be left behind */
export async function requireWhole(from: Side, world: WriteWorld): Promise<void> {
	const left = (await asking(from, world)(passedOverQuery, 'template1')).split('\n').filter(name => name !== '');
	if (left.length === 0) return;
	const names = list(left.map(name => `\`${name}\``));
	throw new Trouble(
		'not-whole',
		say(`A dump would leave something behind: ${names.en}.`, `转储会遗漏一些内容：${names.zh}。`),
		{
			next: say(
				'With the old version running, allow connections to these databases (`ALTER DATABASE … ALLOW_CONNECTIONS true`) or drop them, and end these transactions.',
				'请在旧版本运行时允许连接这些数据库（`ALTER DATABASE … ALLOW_CONNECTIONS true`）或删除它们，并结束这些事务。',
			),
		},
	);
}

/** @throws Trouble naming extensions that the new image has not got */
export async function requireExtensions(from: Side, to: Side, world: WriteWorld): Promise<void> {
	const [askOld, askNew] = [asking(from, world), asking(to, world)];
	const there = new Set((await askNew('select name from pg_available_extensions;', 'template1')).split('\n'));
	const wanted = new Set<string>();
	for (const database of await databasesOf(askOld))
		for (const name of (await askOld('select extname from pg_extension;', database)).split('\n'))
			if (name !== '') wanted.add(name);
	const missing = [...wanted].filter(name => !there.has(name));
	if (missing.length === 0) return;
	const names = list(missing.map(name => `\`${name}\``));
	throw new Trouble(
		'extension-missing',
		say(`The new image lacks extensions that the data needs: ${names.en}.`, `新镜像缺少数据所需的扩展：${names.zh}。`),
		{
			next: say('Use an image of the new version that has them.', '请使用包含这些扩展的新版本镜像。'),
		},
	);
}

/**
 * Everything goes from server to server and never touches a disk outside them: roles carry their verifiers. The statement that
 * makes the bootstrap superuser is left out once, because initdb has made it; roles come before any row, so the first line of that
 * text is the statement.
 */
const pipeScript = `
umask 077
note=/tmp/compose-medic-transfer
mkdir -p "$note"
code=0
{ pg_dumpall -h /tmp -U "$1" -l template1 2>"$note/dump" && echo 0 >"$note/code" || echo 1 >"$note/code"; } |
	MEDIC_PLAIN="CREATE ROLE $1;" MEDIC_QUOTED="CREATE ROLE $3;" \\
		awk '!done && ($0 == ENVIRON["MEDIC_PLAIN"] || $0 == ENVIRON["MEDIC_QUOTED"]) { done = 1; next } { print }' |
	psql -Xqw -v ON_ERROR_STOP=1 -v VERBOSITY=terse -v SHOW_CONTEXT=never -h "$2" -U "$1" -d template1 \\
		>/dev/null 2>"$note/restore" || code=$?
if [ "$code" != 0 ]; then grep -m 1 -E 'ERROR|FATAL|error:' "$note/restore" >&2 || tail -n 1 "$note/restore" >&2; exit 3; fi
if [ "$(cat "$note/code")" != 0 ]; then head -n 2 "$note/dump" >&2; exit 4; fi
`;

/** @param socket folder of the new server's socket, as the old server's container sees it */
export async function pipe(from: Side, socket: string, world: WriteWorld): Promise<void> {
	const {code, stderr} = await from.server.shell(pipeScript, [from.role, socket, quoteIdentifier(from.role)]);
	if (code === 0) return;
	const says = world.redact(stderr.trim()).slice(0, 400);
	throw new Trouble(
		'transfer-failed',
		code === 4
			? say('The old server could not be read to the end.', '旧服务器的数据未能完整读出。')
			: say('The new server did not take all of the data.', '新服务器未能接收全部数据。'),
		{why: say(`It says: ${says}`, `它的输出：${says}`)},
	);
}

/** Objects that somebody made, by kind, and where each sequence stands; what belongs to extensions differs between versions. */
const objectsQuery = `with mine as (select n.oid from pg_namespace n where n.nspname <> 'information_schema' and n.nspname !~ '^pg_') select coalesce(string_agg(kind || '=' || n, ' ' order by kind collate "C"), '') from (select 'relation ' || c.relkind::text as kind, count(*)::text as n from pg_class c where c.relnamespace in (select oid from mine) and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e') group by 1 union all select 'function', count(*)::text from pg_proc p where p.pronamespace in (select oid from mine) and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e') union all select 'large object', count(*)::text from pg_largeobject_metadata union all select 'trigger', count(*)::text from pg_trigger where not tgisinternal union all select 'sequences', md5(coalesce(string_agg(schemaname || '.' || sequencename || '=' || coalesce(last_value::text, ''), ' ' order by schemaname collate "C", sequencename collate "C"), '')) from pg_sequences) as found;`;
const rolesQuery = `select count(*), md5(string_agg(rolname || coalesce(rolpassword, ''), ' ' order by rolname collate "C")) from pg_authid where rolname !~ '^pg_';`;

/**
 * Counts both sides: every row of every table, objects, sequences, roles with their verifiers.
 * @throws Trouble naming what differs
 */
export async function requireSame(from: Side, to: Side, world: WriteWorld): Promise<RowCounts> {
	const [askOld, askNew] = [asking(from, world), asking(to, world)];
	const [old, fresh] = await Promise.all([countRows(askOld), countRows(askNew)]);
	// initdb always makes a database \`postgres\`; somebody may have dropped the old one.
	if (!('postgres' in old) && fresh['postgres']?.tables === 0) delete fresh['postgres'];
	const odd = countDifferences(old, fresh);
	for (const name of Object.keys(old))
		if (!odd.includes(name) && (await askOld(objectsQuery, name)) !== (await askNew(objectsQuery, name)))
			odd.push(name);
	if ((await askOld(rolesQuery, 'template1')) !== (await askNew(rolesQuery, 'template1'))) odd.push('roles');
	if (odd.length === 0) return old;
	throw new Trouble(
		'counts-differ',
		say(`The new server does not hold the same: ${odd.join(', ')}.`, `新服务器的内容与旧的不一致：${odd.join('、')}。`),
		{next: say('Nothing was changed; the old data is as it was.', '没有任何改动；旧数据保持原样。')},
	);
}

/** A dump carries no statistics: without them the first queries take ages. */
export async function analyse(side: Side, world: WriteWorld): Promise<void> {
	const ask = asking(side, world);
	for (const database of await databasesOf(ask)) await ask('analyze;', database);
	await ask('checkpoint;', 'template1');
}

/**
 * Access rules, certificates and settings are no part of a dump. Rules and certificates come over as they are; of the settings
 * those that differ from what initdb wrote and that the new version knows. Prints the names of the others.
 */
const configureScript = `
umask 077
note=/tmp/compose-medic-transfer
for file in pg_hba.conf pg_ident.conf; do
	if [ -f "$2/$file" ]; then cat "$2/$file" >"$3/$file"; fi
done
for file in "$2"/*.crt "$2"/*.key "$2"/*.pem "$2"/*.crl; do
	[ -f "$file" ] || continue
	cp "$file" "$3/"
	chmod 600 "$3/$(basename "$file")"
done
settings() {
	psql -XqAtw -v ON_ERROR_STOP=1 -h "$1" -U "$2" -d template1 <<'SQL'
select name || ' = ''' || replace(setting, '''', '''''') || ''''
from pg_file_settings
where applied and setting !~ '[\\n\\r]' and sourcefile like current_setting('data_directory') || '/%'
	and name not in ('data_directory', 'hba_file', 'ident_file', 'external_pid_file', 'config_file')
order by seqno;
SQL
}
settings /tmp "$1" >"$note/old"
settings "$3" "$1" >"$note/new"
echo 'select name from pg_settings;' | psql -XqAtw -v ON_ERROR_STOP=1 -h "$3" -U "$1" -d template1 >"$note/known"
awk -v known="$note/known" -v have="$note/new" -v add="$note/add" '
	BEGIN {
		printf "" >add
		while ((getline line <known) > 0) knows[line] = 1
		while ((getline line <have) > 0) has[line] = 1
	}
	has[$0] { next }
	knows[$1] || $1 ~ /[.]/ { print >add; next }
	{ print $1 }' "$note/old"
if [ -s "$note/add" ]; then
	{ echo '# taken over from the old cluster'; cat "$note/add"; } >>"$3/postgresql.auto.conf"
fi
sync
`;

/**
 * @param data data directory of the old server in its container
 * @param target the new one, as the old server's container sees it
 * @returns names of settings that the new version does not know
 */
export async function carryConfiguration(
	from: Side,
	data: string,
	target: string,
	world: WriteWorld,
): Promise<string[]> {
	const {code, stdout, stderr} = await from.server.shell(configureScript, [from.role, data, target]);
	if (code === 0) return stdout.split('\n').filter(name => name !== '');
	const says = world.redact(stderr.trim()).slice(0, 400);
	throw new Trouble('settings-failed', say('The settings could not be taken over.', '未能沿用原有设置。'), {
		why: say(`It says: ${says}`, `它的输出：${says}`),
	});
}
