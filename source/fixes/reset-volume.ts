import {accessHands} from '../core/access-hands.ts';
import {confirmName, placeOf} from '../core/data-place.ts';
import {type Check, fix, type StepCall} from '../core/fix.ts';
import {say, type Text} from '../core/say.ts';
import {clientLogin} from '../probes/client-login.ts';
import {dataDirectory} from '../probes/data-directory.ts';
import {databaseReadiness} from '../probes/database-readiness.ts';
import {deploymentState} from '../probes/deployment-state.ts';
import {isExternal, serviceNamed} from '../probes/looks.ts';
import {passwordAccepted} from './parts/login-checks.ts';
import {credentialsOf} from './parts/sql-way.ts';
import {returnServices, saveEvidence} from './parts/step-calls.ts';

const refuse = (en: string, zh: string): {kind: 'not-applicable'; why: Text} => ({
	kind: 'not-applicable',
	why: say(en, zh),
});

const routes = {
	'swap-inside': say(
		'the data directory is a folder inside its mount: it is renamed there and stays whole; nothing is copied and nothing is deleted',
		'数据目录是挂载点内的一个文件夹：就地改名并完整保留；不复制、不删除任何东西',
	),
	'swap-parent': say(
		'the data directory is a folder of this machine: it is renamed and stays whole; nothing is copied and nothing is deleted',
		'数据目录是本机上的一个文件夹：改名并完整保留；不复制、不删除任何东西',
	),
	copy: say(
		'the data directory is the root of a volume: it is copied to a second volume, every file is compared, a throwaway server must start on the copy and count the same rows, and only then the first volume is emptied',
		'数据目录是卷的根目录：先复制到第二个卷，逐个文件比对，再用一次性服务器在副本上启动并核对行数，全部通过后才清空原卷',
	),
} as const;

export const resetVolume = fix({
	id: 'reset-volume',
	title: say('Start over with an empty data directory, and keep the old one', '用空的数据目录重新开始，并保留旧数据'),
	risk: 'destroys-data',
	about: say(
		'Sets the present data directory aside, whole and proven, and lets the server initialise a new empty one with the configured user, password and database.',
		'把现有数据目录完整、经过验证地放到一边，让服务器用配置中的用户、密码和数据库初始化一个新的空目录。',
	),
	limits: say(
		'The new server is empty: every database, role, setting, extension and row is in the set-aside copy only. For a password problem `fix change-password` keeps everything.',
		'新服务器是空的：所有数据库、角色、设置、扩展和数据行都只在保留的旧数据里。若只是密码问题，`fix change-password` 可以保留一切。',
	),
	offered: see => !isExternal(see),
	settings: [],
	plan(see, finding) {
		const database = accessHands(finding)[0]?.database ?? '';
		if (isExternal(see))
			return refuse(
				'The data directory of an external server is not ours to move.',
				'外部服务器的数据目录不归本程序移动。',
			);
		const service = serviceNamed(see, database);
		if (!service || service.status === 'missing')
			return refuse(`\`${database}\` has no container.`, `\`${database}\` 没有容器。`);
		const data = see(dataDirectory, database);
		const place = placeOf(data);
		if (!place)
			return refuse(
				'The data lies in the container’s own layer, not on a mount: it can’t be set aside without removing the container.',
				'数据位于容器自身的可写层，而不在挂载点上：不删除容器就无法把它放到一边。',
			);
		if (data.majorVersion === null)
			return refuse('There is no initialised data directory to reset.', '没有可以重置的已初始化数据目录。');
		if (data.sharedWith.length > 0)
			return refuse(
				`The same data is mounted by ${data.sharedWith.join(', ')}; stop those first.`,
				`同一份数据还被 ${data.sharedWith.join('、')} 挂载；请先停止它们。`,
			);
		const {workingDirectory} = see(deploymentState);
		const clients = [...new Set([...credentialsOf(see, database).map(one => one.service), ...finding.affects])].filter(
			name => name !== '' && name !== database && serviceNamed(see, name) !== null,
		);
		const name = confirmName(data, workingDirectory);
		const input = {service: database, place};
		const setAside: StepCall[] =
			place.method === 'copy'
				? [
						{step: 'copy-data', input},
						{step: 'prove-snapshot', input},
						{step: 'empty-data-directory', input},
					]
				: [{step: 'swap-data-directory', input}];
		return {
			kind: 'plan',
			fix: 'reset-volume',
			route: say(`Way: ${routes[place.method].en}.`, `路径：${routes[place.method].zh}。`),
			steps: [
				...saveEvidence([database, ...clients]),
				{step: 'measure-data', input},
				{step: 'stop-database', input: {service: database, clients}},
				...setAside,
				{step: 'start-database', input: {service: database}},
				...returnServices(clients),
			],
			afterUndo: returnServices(clients),
			loses: say(
				`The services see an EMPTY database afterwards. The old data stays in ${place.method === 'copy' ? 'a second volume' : 'a renamed folder beside the new one'} until you remove it yourself.`,
				`之后各服务看到的是一个空数据库。旧数据保留在${place.method === 'copy' ? '第二个卷' : '旁边改名后的文件夹'}中，直到你自己删除。`,
			),
			restarts: [database, ...clients],
			takes:
				place.method === 'copy'
					? say(
							'as long as copying the data three times takes, all of it with the database stopped',
							'约为复制三遍数据所需的时间，期间数据库停止',
						)
					: say('under a minute', '不到一分钟'),
			undo: say(
				'The old data is put back; what the new server stored by then is kept aside as well.',
				'恢复旧数据；新服务器此间写入的数据也会另行保留。',
			),
			confirm: {
				name,
				says: say(
					`Type the ${place.kind === 'bind' ? 'folder' : 'volume'} name to go on: ${name}`,
					`输入${place.kind === 'bind' ? '文件夹' : '卷'}名称以继续：${name}`,
				),
			},
			assumes: {[`container:${database}`]: service.id},
		};
	},
	verify(finding) {
		const hands = accessHands(finding);
		const database = hands[0]?.database ?? '';
		const checks: Check[] = [
			{
				says: say('The new server accepts connections over TCP', '新服务器接受 TCP 连接'),
				passes: see => see(databaseReadiness, database).state === 'accepting',
			},
			{
				says: say('A new data directory is initialised', '新的数据目录已初始化'),
				passes: see => see(dataDirectory, database).majorVersion !== null,
			},
		];
		for (const {credential} of hands)
			if (credential !== '')
				checks.push({
					says: say(`\`${credential}\` is let in with its configured password`, `\`${credential}\` 的配置密码被接受`),
					passes: see => passwordAccepted(see(clientLogin, credential)),
				});
		return checks;
	},
});
