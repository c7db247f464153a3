import {stringify} from 'yaml';
import {say} from '../../core/say.ts';
import {composeLabels} from '../labels.ts';
import {plantSentinel} from '../sentinel.ts';
import type {LabStage} from '../stage.ts';
import {application, type ComposeFile, environmentText, variable} from './file.ts';

export type GenericOptions = {
	/** Lines of `.env` that differ, as they are written there. */
	environment?: Record<string, string>;
	/** The last word on the Compose file. */
	change?: (file: ComposeFile) => void;
};

export const genericClients = ['app', 'worker'] as const;

function genericFile(lab: LabStage): ComposeFile {
	return {
		services: {
			db: {
				image: 'postgres:15',
				restart: 'unless-stopped',
				environment: {POSTGRES_USER: 'shop', POSTGRES_PASSWORD: variable('SHOP_DB_PASSWORD'), POSTGRES_DB: 'shopdb'},
				volumes: ['pgdata:/var/lib/postgresql/data'],
				healthcheck: {test: ['CMD-SHELL', 'pg_isready -U shop -d shopdb'], interval: '2s', timeout: '3s', retries: 60},
			},
			app: {
				...application('app'),
				environment: {ROLE: 'app', DATABASE_URL: `postgres://shop:${variable('SHOP_DB_PASSWORD')}@db:5432/shopdb`},
				ports: [`127.0.0.1:${variable('SHOP_PORT')}:8000`],
				depends_on: ['db'],
			},
			worker: {
				...application('worker'),
				environment: {
					ROLE: 'worker',
					PGHOST: 'db',
					PGPORT: '5432',
					PGUSER: 'shop',
					PGPASSWORD: variable('SHOP_DB_PASSWORD'),
					PGDATABASE: 'shopdb',
				},
				depends_on: ['db'],
			},
		},
		networks: {default: {labels: composeLabels(lab)}},
		volumes: {pgdata: {labels: composeLabels(lab)}},
	};
}

/** Writes the files of a small shop: no application that anybody knows, only PostgreSQL and two clients of it. */
export async function writeGeneric(lab: LabStage, options: GenericOptions = {}): Promise<void> {
	const file = genericFile(lab);
	options.change?.(file);
	for (const service of Object.values(file.services)) service.labels = composeLabels(lab);
	const environment = environmentText({
		SHOP_DB_PASSWORD: lab.secret('database'),
		SHOP_PORT: String(await lab.freePort()),
		...options.environment,
	});
	await lab.write({'compose.yaml': stringify(file, {lineWidth: 0}), '.env': environment});
}

/** The shop's database, once started and holding the sentinel rows. */
export async function startGenericDatabase(lab: LabStage, options: GenericOptions = {}): Promise<void> {
	await writeGeneric(lab, options);
	lab.report(say('starting the database', '正在启动数据库'));
	await lab.compose('up', '--detach', '--wait', 'db');
	await plantSentinel(lab, 'generic');
}

/** Brings up all of the shop, and waits until the failing clients have failed and the others work. */
export async function startGenericClients(lab: LabStage, failing: readonly string[] = genericClients): Promise<void> {
	lab.report(say('starting the shop', '正在启动商店应用'));
	await lab.compose('up', '--detach');
	await lab.ready(...genericClients.filter(service => !failing.includes(service)));
	if (failing.length > 0) await lab.crashLooping(...failing);
}

/** The whole shop at work. */
export async function startGeneric(lab: LabStage, options: GenericOptions = {}): Promise<void> {
	await startGenericDatabase(lab, options);
	await startGenericClients(lab, []);
}
