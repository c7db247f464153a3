import {say} from '../../core/say.ts';
import {fault} from '../fault.ts';
import {appFails, inBackground, leaveSlot, onShop, openShop, start, writeLog} from '../stacks/shop.ts';
import {until} from '../until.ts';

export const doubleExtensionAndSlot = fault({
	id: 'double-extension-and-slot',
	kind: 'double',
	stack: 'generic',
	title: say('pgvector is missing, and a removed standby left its slot', '缺少 pgvector，同时移除的备库留下了复制槽'),
	expects: [
		{id: 'extension-missing', service: 'db'},
		{id: 'slot-retains-wal', service: 'db'},
	],
	async provoke(lab) {
		await openShop(lab, {
			server: '-c max_wal_size=32MB -c min_wal_size=32MB',
			app: {QUERY: 'create extension if not exists vector'},
		});
		await leaveSlot(lab);
		await appFails(lab);
	},
});

export const doubleSchemaAndDrift = fault({
	id: 'double-schema-and-drift',
	kind: 'double',
	stack: 'generic',
	title: say('The app lacks its table, the worker has a wrong password', '应用缺表，worker 的密码错误'),
	expects: [
		{id: 'client-password-drift', service: 'worker'},
		{id: 'schema-missing', service: 'app'},
	],
	async provoke(lab) {
		await openShop(lab, {
			app: {QUERY: 'select count(*) from customers'},
			worker: {PGPASSWORD: '${CLERK_PASSWORD}'},
		});
		await lab.compose('up', '--detach');
		await lab.crashLooping('app', 'worker');
	},
});

export const trapSlotInUse = fault({
	id: 'trap-slot-in-use',
	kind: 'trap',
	stack: 'generic',
	title: say('A replication slot with a consumer that reads', '复制槽有正在读取的消费者'),
	expects: [],
	async provoke(lab) {
		await openShop(lab, {server: '-c max_wal_size=32MB -c min_wal_size=32MB'});
		await onShop(lab, "create table visits (n int); select pg_create_physical_replication_slot('backup', true)");
		await inBackground(lab, 'mkdir /tmp/log && exec pg_receivewal -U shop -S backup -D /tmp/log');
		const active = 'select count(*) from pg_replication_slots where active';
		await until('the slot to be read', lab.signal, async () => Number(await onShop(lab, active)) === 1);
		await writeLog(lab);
		await start(lab, 'app');
	},
});
