import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';

/** A setting of a server that decides how much memory it takes. */
export type MemorySetting = {
	name: 'shared_buffers' | 'work_mem' | 'maintenance_work_mem' | 'autovacuum_work_mem' | 'max_connections';
	/** Bytes, or a number of connections. -1 where another setting decides. */
	value: number;
	/** Where it comes from, in the server's words: `default`, `configuration file`, `command line`, … */
	source: string;
	/** Whether `ALTER SYSTEM` set it. */
	altered: boolean;
};

type Row = Omit<MemorySetting, 'value' | 'altered'> & {value: string; unit: string | null; file: string | null};

const units: Record<string, number> = {B: 1, kB: 1024, '8kB': 8192, MB: 1024 ** 2, GB: 1024 ** 3};

const query = `select name, setting as value, unit, source, sourcefile as file from pg_settings
	where name in ('shared_buffers', 'work_mem', 'maintenance_work_mem', 'autovacuum_work_mem', 'max_connections') order by name`;

/** Only asked when memory has run out. */
export const memorySettings = probe<MemorySetting[]>({
	id: 'memory-settings',
	title: service => say(`Asking ${service} how much memory it may take`, `询问 ${service} 可以占用多少内存`),
	like: service =>
		`docker compose exec -u postgres ${service} psql -d template1 -c "select name, setting, unit, source from pg_settings where name like '%mem'"`,
	async observe(world, service, signal) {
		const rows = (await world.database(service).query(query, {signal})) as Row[];
		return rows.map(({name, value, unit, source, file}) => ({
			name,
			value: Number(value) < 0 ? -1 : Number(value) * (unit === null ? 1 : (units[unit] ?? 1)),
			source,
			altered: file?.endsWith('/postgresql.auto.conf') ?? false,
		}));
	},
});
