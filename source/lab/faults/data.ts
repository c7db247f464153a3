import {say} from '../../core/say.ts';
import {fault} from '../fault.ts';
import {appFails, leaveSlot, onShop, openShop, start} from '../stacks/shop.ts';
import type {LabStage} from '../stage.ts';

export const collationMismatch = fault({
	id: 'collation-mismatch',
	kind: 'fault',
	stack: 'generic',
	title: say('The data was made with another version of the C library', '数据由另一版本的 C 库建立'),
	expects: [{id: 'collation-mismatch', service: 'db'}],
	async provoke(lab) {
		await openShop(lab);
		await start(lab, 'app');
		await onShop(
			lab,
			[
				'create index on orders (article)',
				'create unique index on orders (lower(article), id)',
				"create index on orders (id) where article > 'm'",
				'alter table orders add constraint one exclude (article with =)',
				"update pg_database set datcollversion = '2.28' where datname = 'shopdb'",
			].join('; '),
		);
	},
});

/**
 * A slot whose consumer never came back, and transaction ids that have gone on since: set forward on the stopped server, to the
 * start of a page of the commit log, because the pages between do not exist. The server does the rest by itself.
 */
async function age(lab: LabStage, next: number): Promise<void> {
	await openShop(lab, {
		server: '-c wal_level=logical',
		app: {QUERY: "insert into orders (article) values ('tea')"},
		before: "select pg_create_logical_replication_slot('warehouse', 'pgoutput')",
	});
	await onShop(lab, 'create table orders (id serial primary key, article text not null)');
	await lab.compose('stop', 'db');
	const data = '/var/lib/postgresql/data';
	const program = 'ls /usr/lib/postgresql/*/bin/pg_resetwal /usr/local/bin/pg_resetwal 2>/dev/null | head -n 1';
	const volumes = ['--volumes-from', lab.container('db'), '--network', 'none', '--user', 'postgres'];
	const reset = `exec "$(${program})" -x ${next} ${data}`;
	await lab.docker('run', '--rm', ...volumes, '--entrypoint', 'sh', 'postgres:15', '-c', reset);
	await lab.compose('up', '--detach', '--wait', 'db');
}

const page = 32_768;

export const wraparound = fault({
	id: 'wraparound',
	kind: 'fault',
	stack: 'generic',
	title: say('A slot that nobody reads used up the transaction ids', '无人读取的复制槽使事务 ID 耗尽'),
	expects: [{id: 'wraparound', service: 'db'}],
	async provoke(lab) {
		await age(lab, Math.ceil(2_144_500_000 / page) * page);
		await appFails(lab);
	},
});

export const wraparoundNear = fault({
	id: 'wraparound-near',
	kind: 'fault',
	stack: 'generic',
	title: say('A slot that nobody reads keeps old transaction ids', '无人读取的复制槽占住了旧的事务 ID'),
	expects: [{id: 'wraparound-near', service: 'db'}],
	async provoke(lab) {
		await age(lab, Math.ceil(1_400_000_000 / page) * page);
		await start(lab, 'app');
	},
});

export const replicationBroken = fault({
	id: 'replication-broken',
	kind: 'fault',
	stack: 'generic',
	title: say('A subscription to a server that is gone', '订阅的服务器已不存在'),
	expects: [{id: 'replication-broken', service: 'db'}],
	async provoke(lab) {
		await openShop(lab, {server: '-c wal_level=logical'});
		await start(lab, 'app');
		const source = "connection 'host=warehouse dbname=stock user=reader'";
		await onShop(
			lab,
			`create subscription stock ${source} publication stock with (connect = false); alter subscription stock enable`,
		);
		await lab.logged('db', 'exited with exit code 1');
	},
});

export const replicationBrokenStandby = fault({
	id: 'replication-broken-standby',
	kind: 'fault',
	stack: 'generic',
	title: say('A standby whose primary is gone', '备库的主库已不存在'),
	expects: [{id: 'replication-broken', service: 'db'}],
	async provoke(lab) {
		await openShop(lab, {before: "alter system set primary_conninfo = 'host=primary user=shop'"});
		await lab.shell('db', 'su postgres -c "touch $PGDATA/standby.signal"');
		await lab.docker('restart', lab.container('db'));
		await appFails(lab);
		await lab.logged('db', 'could not connect to the primary server');
	},
});

export const slotRetainsWal = fault({
	id: 'slot-retains-wal',
	kind: 'fault',
	stack: 'generic',
	title: say('A removed standby left its replication slot', '移除的备库留下了复制槽'),
	expects: [{id: 'slot-retains-wal', service: 'db'}],
	async provoke(lab) {
		await openShop(lab, {server: '-c max_wal_size=32MB -c min_wal_size=32MB'});
		await leaveSlot(lab);
		await start(lab, 'app');
	},
});

export const corruptionPage = fault({
	id: 'corruption-page',
	kind: 'fault',
	stack: 'generic',
	title: say('A page of a table was overwritten on disk', '磁盘上某个表的数据页被覆盖'),
	expects: [{id: 'corruption-page', service: 'db'}],
	async provoke(lab) {
		await openShop(lab, {
			database: {POSTGRES_INITDB_ARGS: '--data-checksums'},
			app: {QUERY: 'select sum(length(note)) from visits'},
			before: 'create table visits as select n, md5(n::text) as note from generate_series(1, 5000) n',
		});
		const path = (await onShop(lab, "checkpoint; select pg_relation_filepath('visits')")).trim();
		const place = 3 * 8192 + 5000;
		const damage = `printf 'not what was written here' | dd of="$PGDATA/${path}" bs=1 seek=${place} conv=notrunc 2>/dev/null`;
		await lab.shell('db', damage);
		// What the server still has in memory is sound.
		await lab.docker('restart', lab.container('db'));
		await appFails(lab);
	},
});
