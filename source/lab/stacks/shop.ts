import type {LabStage} from '../stage.ts';
import {amend, type ComposeFile, setVariables, variable} from './file.ts';
import {startGenericDatabase} from './generic.ts';

export type ShopOptions = {
	/** Further arguments of the server. */
	server?: string;
	/** What is mounted into the server's container beside its data. */
	mounts?: string[];
	/** Variables of the server's container. */
	database?: Record<string, string>;
	/** Variables that tell the app, and the worker, what to do: see the lab's client. */
	app?: Record<string, string>;
	worker?: Record<string, string>;
	/** What happens to the database before its clients start. */
	before?: string;
};

/** A role of its own that owns nothing, as careful installations have. */
export const clerk = 'clerk';

/** The URL by which a client logs in as {@link clerk}. */
export const clerkUrl = `postgres://${clerk}:${variable('CLERK_PASSWORD')}@db:5432/shopdb`;

/** SQL that makes the role. */
export const createClerk = (lab: LabStage): string => `create role ${clerk} login password '${lab.secret('clerk')}';`;

/**
 * The shop's database at work and its clients written down, none of them started: a worker only where one is described, since
 * each container costs time.
 */
export async function openShop(lab: LabStage, options: ShopOptions = {}): Promise<void> {
	await startGenericDatabase(lab, {
		environment: {CLERK_PASSWORD: lab.secret('clerk')},
		change(file: ComposeFile) {
			if (options.server) amend(file, 'db', {command: `postgres ${options.server}`});
			if (options.mounts) file.services['db']?.volumes?.push(...options.mounts);
			setVariables(file, 'db', options.database ?? {});
			setVariables(file, 'app', options.app ?? {});
			if (options.worker) setVariables(file, 'worker', options.worker);
			else delete file.services['worker'];
		},
	});
	if (options.before) await onShop(lab, options.before);
}

/** Runs SQL in the shop's database as its superuser. */
export const onShop = (lab: LabStage, sql: string): Promise<string> => lab.sql(sql, {user: 'shop', database: 'shopdb'});

/** Starts the app, which fails. */
export async function appFails(lab: LabStage): Promise<void> {
	await lab.compose('up', '--detach');
	await lab.crashLooping('app');
}

/** Starts clients of the shop, which work. */
export async function start(lab: LabStage, ...services: string[]): Promise<void> {
	await lab.compose('up', '--detach', ...services);
	await lab.ready(...services);
}

/** Starts a program in the server's container that goes on until the deployment is taken down. */
export const inBackground = (lab: LabStage, script: string): Promise<string> =>
	lab.docker('exec', '--detach', '--user', 'postgres', lab.container('db'), 'sh', '-c', script);

/** Four segments of log, whatever is in them: twice as much as a server keeps that is told `max_wal_size=32MB`. */
export const writeLog = (lab: LabStage): Promise<string> =>
	onShop(lab, Array.from({length: 4}, () => 'insert into visits values (1); select pg_switch_wal();').join(' '));

/** A slot whose standby was removed, and what was written since. */
export async function leaveSlot(lab: LabStage): Promise<void> {
	await onShop(lab, "create table visits (n int); select pg_create_physical_replication_slot('old_standby', true)");
	await writeLog(lab);
}
