import {say} from '../../core/say.ts';
import {fault} from '../fault.ts';
import {writeDify} from '../stacks/dify.ts';
import {genericClients, startGeneric, startGenericClients, writeGeneric} from '../stacks/generic.ts';
import {holdRecovery} from './hold-recovery.ts';

export const superuserPasswordMissing = fault({
	id: 'superuser-password-missing',
	kind: 'fault',
	stack: 'dify',
	title: say('The first start of the database without a superuser password', '首次启动数据库时没有超级用户密码'),
	expects: [{id: 'superuser-password-missing', service: 'db'}],
	async provoke(lab) {
		await writeDify(lab, {environment: {POSTGRES_PASSWORD: ''}});
		await lab.compose('up', '--detach', 'db', 'redis', 'web');
		// Compose would wait for the database's health without end; this is what an interrupted `up` leaves.
		await lab.compose('up', '--no-start');
		await lab.crashLooping('db');
	},
});

export const startingUp = fault({
	id: 'starting-up',
	kind: 'fault',
	stack: 'generic',
	title: say('The database still runs its first import', '数据库仍在执行首次导入'),
	expects: [{id: 'starting-up', service: 'db'}],
	async provoke(lab) {
		await writeGeneric(lab, {
			change({services}) {
				services.db?.volumes?.push('./import:/docker-entrypoint-initdb.d:ro');
			},
		});
		await lab.write({'import/10-catalogue.sh': 'echo importing the catalogue\nsleep 900\n'});
		await startGenericClients(lab);
	},
});

export const startingUpRecovery = fault({
	id: 'starting-up-recovery',
	kind: 'fault',
	stack: 'generic',
	title: say('After a power cut the database still replays its log', '断电之后数据库仍在回放日志'),
	expects: [{id: 'crash-recovery', service: 'db'}],
	async provoke(lab) {
		await startGeneric(lab);
		const rows = 'select n, md5(n::text) as value from generate_series(1, 300000) n';
		await lab.sql(`create table visits as ${rows}`, {user: 'shop', database: 'shopdb'});
		await lab.docker('kill', lab.container('db'));
		await lab.docker('start', lab.container('db'));
		await lab.shell('db', holdRecovery);
		await lab.crashLooping(...genericClients);
	},
});
