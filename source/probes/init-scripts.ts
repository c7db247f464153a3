import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';
import {objectsMadeBy, type ScriptObject} from '../core/script-objects.ts';
import {quoteLiteral} from '../core/sql-text.ts';
import type {ReadWorld} from '../core/world.ts';
import {presentContainer} from './present-container.ts';

export const initFolder = '/docker-entrypoint-initdb.d';

/** What the init scripts of a database make, and whether it is there. */
export type InitScripts = {
	scripts: {name: string; modifiedAt: string}[];
	/** `exists`: asked of the live server; null where it could not be asked. */
	makes: (ScriptObject & {script: string; exists: boolean | null})[];
};

const mostScripts = 20;
const mostBytes = 512 * 1024;
const mostObjects = 200;

/** Objects by kind as the live server answers; scripts run in POSTGRES_DB, so relations and schemas are looked for there. */
async function missing(
	world: ReadWorld,
	service: string,
	objects: readonly ScriptObject[],
	signal: AbortSignal,
): Promise<(object: ScriptObject) => boolean | null> {
	if (objects.length === 0) return () => null;
	const values = objects.map(({kind, name}) => `(${quoteLiteral(kind)}, ${quoteLiteral(name)})`).join(', ');
	const quoted = `(select string_agg(quote_ident(part), '.') from unnest(string_to_array(name, '.')) part)`;
	const sql = `select kind, name, case kind
		when 'role' then exists (select from pg_roles where rolname = name)
		when 'database' then exists (select from pg_database where datname = name)
		when 'schema' then exists (select from pg_namespace where nspname = name)
		else exists (select from pg_class c join pg_namespace n on n.oid = relnamespace
			where relname = name or nspname || '.' || relname = name) or to_regclass(${quoted}) is not null end as there
		from (values ${values}) as wanted (kind, name)`;
	const initial = (await world.credentials()).find(
		credential => credential.purpose === 'initial' && credential.service === service,
	);
	try {
		const rows = await world.database(service).query(sql, {...(initial ? {database: initial.database} : {}), signal});
		return ({kind, name}) => {
			const row = rows.find(row => row['kind'] === kind && row['name'] === name);
			return row ? row['there'] === true : null;
		};
	} catch (error) {
		signal.throwIfAborted();
		// A socket that asks for a password, or a database that is not there: nothing is known then.
		if (!(error instanceof Error)) throw error;
		return () => null;
	}
}

export const initScripts = probe<InitScripts>({
	id: 'init-scripts',
	title: service => say(`Looking what the init scripts of ${service} make`, `查看 ${service} 的初始化脚本会创建什么`),
	like: service => `docker compose exec ${service} ls -l ${initFolder}`,
	async observe(world, service, signal) {
		const {docker} = world;
		const container = await presentContainer(world, service);
		if (!container) return {scripts: [], makes: []};
		const listed = (await docker.list(container.id, initFolder))?.entries ?? [];
		const scripts = listed
			.filter(({name, kind}) => kind !== 'directory' && /^[^/]+\.(?:sql|sh)$/.test(name))
			.slice(0, mostScripts)
			.map(({name, modifiedAt}) => ({name, modifiedAt}));
		const texts = await Promise.all(
			scripts.map(async ({name}) => ({
				script: name,
				file: await docker.readFile(container.id, `${initFolder}/${name}`, mostBytes),
			})),
		);
		const made = texts
			.flatMap(({script, file}) =>
				file ? objectsMadeBy(file.content.toString('utf8')).map(object => ({...object, script})) : [],
			)
			.slice(0, mostObjects);
		const exists = container.status === 'running' ? await missing(world, service, made, signal) : () => null;
		return {scripts, makes: made.map(object => ({...object, exists: exists(object)}))};
	},
});
