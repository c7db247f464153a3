import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';
import {databasesAskedOf} from './server-for.ts';

/** Tables that those leave who wipe databases and ask for money. */
export type IntruderSigns = {database: string; table: string}[];

const notes =
	'^(read_?me.*recover.*|read_?me_to_recover|recover_your_data.*|please_read_me.*|how_to_(restore|recover).*|warning_?(hacked|readme).*)$';

const question = `
	select n.nspname || '.' || c.relname as name
	from pg_class c join pg_namespace n on n.oid = c.relnamespace
	where c.relkind in ('r', 'p') and c.relname ~* '${notes}' and n.nspname not in ('pg_catalog', 'information_schema')
	limit 5`;

/** Whether a name is one that such people give to a database or a table. */
export const isRansomNote = (name: string): boolean => new RegExp(notes, 'i').test(name);

/** Looks for ransom notes in the databases that the clients of a server use. Reads names only. */
export const intruderSigns = probe<IntruderSigns>({
	id: 'intruder-signs',
	title: service => say(`Looking for ransom notes in ${service}`, `检查 ${service} 中是否有勒索留言`),
	like: service => `docker compose exec -u postgres ${service} psql -c '\\dt *.*recover*'`,
	deadline: 5000,
	async observe(world, service, signal) {
		const names = await databasesAskedOf(world, service);
		const found = await Promise.all(
			names.map(async database => {
				// One that is gone holds no notes; the catalog tells that it is gone.
				const rows = await world
					.database(service)
					.query(question, {database, signal})
					.catch(() => []);
				return rows.map(({name}) => ({database, table: world.redact(String(name))}));
			}),
		);
		return found.flat();
	},
});
