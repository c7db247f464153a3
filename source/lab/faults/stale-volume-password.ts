import {say} from '../../core/say.ts';
import {fault} from '../fault.ts';
import {composeLabels} from '../labels.ts';
import {difyClients, startDifyClients, startDifyDatabase} from '../stacks/dify.ts';
import {amend, type ComposeFile} from '../stacks/file.ts';
import {startGenericDatabase} from '../stacks/generic.ts';
import type {LabStage} from '../stage.ts';

const expects = [{id: 'stale-volume-password', service: 'db'}];

/** The data was made with one password, then `.env` got another: the classic, also after copying a fresh `.env.example`. */
async function changeDifyPassword(lab: LabStage, alsoFailing: string[] = []): Promise<void> {
	await lab.setEnvironment({DB_PASSWORD: lab.secret('changed')});
	await startDifyClients(lab, [...difyClients, ...alsoFailing]);
}

export const staleVolumePassword = fault({
	id: 'stale-volume-password',
	kind: 'fault',
	stack: 'dify',
	title: say('The password in .env was changed after the data was made', '数据创建之后又改了 .env 里的密码'),
	expects,
	async provoke(lab) {
		await startDifyDatabase(lab);
		await changeDifyPassword(lab);
	},
});

export const staleVolumePasswordNamed = fault({
	id: 'stale-volume-password-named',
	kind: 'fault',
	stack: 'generic',
	title: say('The same with a named volume and an unknown application', '同样的问题，但使用命名卷和未知应用'),
	expects,
	async provoke(lab) {
		await startGenericDatabase(lab);
		await lab.setEnvironment({SHOP_DB_PASSWORD: lab.secret('changed')});
		await lab.compose('up', '--detach');
		await lab.crashLooping('app', 'worker');
	},
});

/** The shop with its data in a volume of another kind than the one that Compose makes and names for the project. */
async function changeShopPassword(lab: LabStage, change: (file: ComposeFile) => void): Promise<void> {
	await startGenericDatabase(lab, {change});
	await lab.setEnvironment({SHOP_DB_PASSWORD: lab.secret('changed')});
	await lab.compose('up', '--detach');
	await lab.crashLooping('app', 'worker');
}

export const staleVolumePasswordAnonymous = fault({
	id: 'stale-volume-password-anonymous',
	kind: 'fault',
	stack: 'generic',
	title: say('The same with a volume that nobody named', '同样的问题，但使用匿名卷'),
	expects,
	provoke: lab =>
		changeShopPassword(lab, file => {
			amend(file, 'db', {volumes: []});
			file.volumes = {};
		}),
});

export const staleVolumePasswordExternal = fault({
	id: 'stale-volume-password-external',
	kind: 'fault',
	stack: 'generic',
	title: say('The same with a volume that was made outside Compose', '同样的问题，但使用 Compose 之外创建的卷'),
	expects,
	async provoke(lab) {
		const name = `${lab.project}-outside`;
		const labels = Object.entries(composeLabels(lab)).flatMap(([key, value]) => ['--label', `${key}=${value}`]);
		await lab.docker('volume', 'create', ...labels, name);
		await changeShopPassword(lab, file => {
			file.volumes = {pgdata: {external: true, name}};
		});
	},
});

export const staleVolumePasswordSocketScram = fault({
	id: 'stale-volume-password-socket-scram',
	kind: 'fault',
	stack: 'dify',
	title: say('An old password, and the local socket asks for it too', '旧密码，且本地套接字也要求密码'),
	expects,
	async provoke(lab) {
		await startDifyDatabase(lab);
		await lab.shell('db', 'sed -i -E "/^(local|host .*(127.0.0.1|::1))/s/trust$/scram-sha-256/" "$PGDATA/pg_hba.conf"');
		await lab.sql('select pg_reload_conf()');
		await changeDifyPassword(lab);
	},
});

export const staleVolumePasswordStopped = fault({
	id: 'stale-volume-password-stopped',
	kind: 'fault',
	stack: 'dify',
	title: say('An old password, and the database is stopped', '旧密码，且数据库已停止'),
	expects,
	async provoke(lab) {
		await startDifyDatabase(lab);
		await changeDifyPassword(lab);
		await lab.compose('stop', 'db');
		await lab.crashAgain(...difyClients);
	},
});

export const staleVolumePasswordOom = fault({
	id: 'stale-volume-password-oom',
	kind: 'double',
	stack: 'dify',
	title: say('An old password, and web is killed for its memory', '旧密码，且 web 因内存被杀死'),
	expects: [...expects, {id: 'oom-killed', service: 'web'}],
	async provoke(lab) {
		await startDifyDatabase(lab, {
			change(file) {
				amend(file, 'web', {mem_limit: '96m', environment: {ROLE: 'web', CACHE_MEGABYTES: '256'}});
			},
		});
		await changeDifyPassword(lab, ['web']);
	},
});
