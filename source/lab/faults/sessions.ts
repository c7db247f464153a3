import {say} from '../../core/say.ts';
import {fault} from '../fault.ts';
import {appFails, clerkUrl, createClerk, inBackground, onShop, openShop, start} from '../stacks/shop.ts';
import type {LabStage} from '../stage.ts';
import {until} from '../until.ts';

export const tooManyConnections = fault({
	id: 'too-many-connections',
	kind: 'fault',
	stack: 'generic',
	title: say(
		'A leaking pool holds every connection, even those of superusers',
		'泄漏的连接池占满了所有连接，连超级用户的也不剩',
	),
	expects: [{id: 'too-many-connections', service: 'db'}],
	async provoke(lab) {
		await openShop(lab, {server: '-c max_connections=10', worker: {CONNECTIONS: '20'}});
		await start(lab, 'worker');
		await appFails(lab);
	},
});

export const tooManyConnectionsReserved = fault({
	id: 'too-many-connections-reserved',
	kind: 'fault',
	stack: 'generic',
	title: say('Only the connections reserved for superusers are left', '只剩为超级用户保留的连接'),
	expects: [{id: 'too-many-connections', service: 'db'}],
	async provoke(lab) {
		await openShop(lab, {
			server: '-c max_connections=10',
			worker: {CONNECTIONS: '20', DATABASE_URL: clerkUrl},
			before: `${createClerk(lab)} grant create on schema public to clerk`,
		});
		await start(lab, 'app');
		await start(lab, 'worker');
	},
});

export const tooManyConnectionsAltered = fault({
	id: 'too-many-connections-altered',
	kind: 'fault',
	stack: 'generic',
	title: say('Somebody lowered max_connections by ALTER SYSTEM', '有人用 ALTER SYSTEM 调低了 max_connections'),
	expects: [{id: 'too-many-connections', service: 'db'}],
	async provoke(lab) {
		await openShop(lab, {
			worker: {CONNECTIONS: '20', DATABASE_URL: clerkUrl},
			before: `${createClerk(lab)} grant create on schema public to clerk`,
		});
		await onShop(lab, 'alter system set max_connections = 10');
		await lab.docker('restart', lab.container('db'));
		await start(lab, 'app');
		await start(lab, 'worker');
	},
});

export const tooManyConnectionsFile = fault({
	id: 'too-many-connections-file',
	kind: 'fault',
	stack: 'generic',
	title: say('A mounted postgresql.conf allows few connections', '挂载的 postgresql.conf 只允许很少的连接'),
	expects: [{id: 'too-many-connections', service: 'db'}],
	async provoke(lab) {
		await lab.write({'postgresql.conf': "listen_addresses = '*'\nmax_connections = 10\t# a small machine\n"});
		await openShop(lab, {
			server: '-c config_file=/etc/postgresql.conf',
			mounts: ['./postgresql.conf:/etc/postgresql.conf:ro'],
			worker: {CONNECTIONS: '20', DATABASE_URL: clerkUrl},
			before: `${createClerk(lab)} grant create on schema public to clerk`,
		});
		await start(lab, 'app');
		await start(lab, 'worker');
	},
});

export const locksOrSlow = fault({
	id: 'locks-or-slow',
	kind: 'fault',
	stack: 'generic',
	title: say('A session locked a table and went idle in its transaction', '一个会话锁住了表，停在事务中空闲'),
	expects: [{id: 'locks-or-slow', service: 'db'}],
	async provoke(lab) {
		await openShop(lab, {app: {QUERY: 'update orders set article = article'}});
		await start(lab, 'app');
		await lockOrders(lab);
	},
});

/** Somebody's forgotten psql, and the app behind it for long enough. */
async function lockOrders(lab: LabStage): Promise<void> {
	await inBackground(lab, `(echo 'begin; lock table orders;'; sleep 900) | psql -q -U shop -d shopdb`);
	const waiting = "select count(*) from pg_locks where not granted and waitstart < now() - interval '5.5 s'";
	await until('the app to wait', lab.signal, async () => Number(await onShop(lab, waiting)) > 0);
}

export const trapBusyDatabase = fault({
	id: 'trap-busy-database',
	kind: 'trap',
	stack: 'generic',
	title: say(
		'60 of 100 connections and a long report: busy, and well',
		'100 个连接用了 60 个，还有长时间报表：忙碌但正常',
	),
	expects: [],
	async provoke(lab) {
		await openShop(lab, {worker: {CONNECTIONS: '57'}});
		await inBackground(lab, "psql -q -U shop -d shopdb -c 'select pg_sleep(900), count(*) from sentinel'");
		await start(lab, 'app', 'worker');
	},
});

export const trapTableCameLater = fault({
	id: 'trap-table-came-later',
	kind: 'trap',
	stack: 'generic',
	title: say(
		'The app failed for want of a table, a deadlock came once; both are over',
		'应用曾因缺表失败，也曾出现一次死锁；都已过去',
	),
	expects: [],
	async provoke(lab) {
		await openShop(lab, {app: {QUERY: 'select count(*) from customers'}});
		await appFails(lab);
		await onShop(lab, 'create table customers (id int primary key, name text); insert into customers values (1), (2)');
		const change = (first: number, second: number): string =>
			`psql -q -U shop -d shopdb -c 'begin; update customers set name = 1 where id = ${first}; select pg_sleep(1); update customers set name = 2 where id = ${second}; commit'`;
		await inBackground(lab, change(1, 2));
		await inBackground(lab, change(2, 1));
		await lab.logged('db', 'deadlock detected');
		await lab.ready('app');
		// A container that came back is settled after some seconds only.
		await until('the app to settle', lab.signal, async () => {
			const state = await lab.docker('inspect', '--format', '{{.State.StartedAt}}', lab.container('app'));
			return Date.now() - Date.parse(state.trim()) > 9000;
		});
	},
});
