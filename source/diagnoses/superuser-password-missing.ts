import {diagnosis, points} from '../core/diagnosis.ts';
import {say} from '../core/say.ts';
import {fixEnvFile} from '../fixes/fix-env-file.ts';
import {dataDirectory} from '../probes/data-directory.ts';
import type {DatabaseScope} from '../probes/looks.ts';
import {serviceLog} from '../probes/service-log.ts';
import {sampleFacts} from './samples.ts';

export const superuserPasswordMissing = diagnosis<DatabaseScope>({
	id: 'superuser-password-missing',
	severity: 'failure',
	name: say('No superuser password for the first start', '首次启动缺少超级用户密码'),
	title: ({database}) =>
		say(
			`${database} was given no superuser password for its first start`,
			`${database} 首次启动时没有得到超级用户密码`,
		),
	about: say(
		'The data directory is empty, and the image initialises a new one only when `POSTGRES_PASSWORD` or `POSTGRES_PASSWORD_FILE` is set. Nothing has been stored yet.',
		'数据目录为空，而镜像只有在设置了 `POSTGRES_PASSWORD` 或 `POSTGRES_PASSWORD_FILE` 时才会初始化。目前还没有任何数据。',
	),
	beware: say(
		'Do not set `POSTGRES_HOST_AUTH_METHOD=trust`: it lets everybody in without a password, for good.',
		'不要设置 `POSTGRES_HOST_AUTH_METHOD=trust`：那会让所有人永久免密登录。',
	),
	lookAlikes: [
		{
			id: 'env-variable-missing',
			tell: say(
				'There the data directory is already initialised and a client gets the blank; here the directory is empty and the image refuses with `superuser password is not specified`.',
				'那种情况下数据目录早已初始化，得到空值的是客户端；这里目录是空的，镜像以 `superuser password is not specified` 拒绝启动。',
			),
		},
		{
			id: 'data-dir-emptied',
			tell: say(
				'If another volume or folder of this project holds a `PG_VERSION`, there was a database and it is only not mounted any more: set no password before you have looked.',
				'如果这个项目的另一个卷或目录里有 `PG_VERSION`，说明原来有数据库，只是现在没有挂载：先确认，不要急着设置密码。',
			),
		},
		{
			id: 'data-dir-permission',
			tell: say(
				'There the directory holds a database that the server’s user may not read, so the image takes it for a new one; look at it as root.',
				'那种情况下目录里有数据库，但服务器的用户无权读取，镜像因此误当作新目录；请以 root 身份查看。',
			),
		},
	],
	certainty: 'certain',
	because(see, {database}) {
		const line = see(serviceLog, database).events.findLast(({text}) =>
			text.includes('superuser password is not specified'),
		);
		const {path, majorVersion} = see(dataDirectory, database);
		return [
			points(
				say(
					`${database} has neither \`POSTGRES_PASSWORD\` nor \`POSTGRES_PASSWORD_FILE\` with a value`,
					`${database} 的 \`POSTGRES_PASSWORD\` 和 \`POSTGRES_PASSWORD_FILE\` 都没有值`,
				),
				'client-credentials',
			),
			...(line
				? [
						points(
							say(`${database} said: ${line.text}`, `${database} 的日志：${line.text}`),
							`log of ${database}`,
							line.at,
						),
					]
				: []),
			...(majorVersion === null
				? [points(say(`There is no database in \`${path}\` yet`, `\`${path}\` 里还没有数据库`), 'data-directory')]
				: []),
		];
	},
	affects: (_see, {database}) => [database],
	hands: (_see, {database}) => ({database, name: 'POSTGRES_PASSWORD', service: database, key: 'POSTGRES_PASSWORD'}),
	fixes: [fixEnvFile],
	examples: [
		() =>
			sampleFacts({
				services: {db: {status: 'restarting', exitCode: 1, restartCount: 5}},
				credentials: {db: {passwordFrom: 'none', sameAs: null, shape: null}},
				logs: {db: [{text: 'Error: Database is uninitialized and superuser password is not specified.'}]},
				directory: {majorVersion: null, initialisedAt: null},
			}),
	],
});
