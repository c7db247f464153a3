import {diagnosis, points, type Scope} from '../core/diagnosis.ts';
import {say} from '../core/say.ts';
import {fixEnvFile} from '../fixes/fix-env-file.ts';
import {sampleFacts} from './samples.ts';

/** A variable that arrives blank or not at all, and who needs it. */
export type VariableScope = Scope & {
	name: string;
	uses: {service: string; key: string}[];
	required: boolean;
	file: string | null;
};

export const envVariableMissing = diagnosis<VariableScope>({
	id: 'env-variable-missing',
	severity: 'failure',
	name: say('A variable that a service needs is not set', '服务需要的变量没有设置'),
	title: ({name}) => say(`The variable \`${name}\` is not set`, `变量 \`${name}\` 没有设置`),
	about: say(
		'The Compose file refers to a variable that neither `.env` nor the shell defines. Compose puts a blank in its place and only warns, so the service starts with an empty value, or it refuses to start when the variable is required.',
		'Compose 文件引用了一个 `.env` 和 shell 都没有定义的变量。Compose 只给出警告并代入空值，服务便带着空值启动；若变量是必需的，则拒绝启动。',
	),
	beware: say(
		'Do not invent a new password for it: the database keeps the one it was initialised with.',
		'不要随手填一个新密码：数据库仍保存着初始化时的密码。',
	),
	lookAlikes: [
		{
			id: 'env-value-mangled',
			tell: say(
				'There a value arrives in the container and differs from the one that was meant; here the container gets an empty one or none.',
				'那种情况下容器里有值，只是与原意不同；这里容器得到的是空值，或者根本没有。',
			),
		},
		{
			id: 'superuser-password-missing',
			tell: say(
				'There the data directory is still empty and the database itself lacks `POSTGRES_PASSWORD`; once the directory holds a `PG_VERSION`, the server no longer reads that variable.',
				'那种情况下数据目录还是空的，缺 `POSTGRES_PASSWORD` 的是数据库自己；目录里一旦有了 `PG_VERSION`，服务器就不再读取这个变量。',
			),
		},
		{
			id: 'compose-invalid',
			tell: say(
				'There Compose names a place in the file that it can’t read; here it warns `variable is not set`, or stops with `is missing a value`.',
				'那种情况下 Compose 指出文件中读不懂的位置；这里它只警告 `variable is not set`，或以 `is missing a value` 中止。',
			),
		},
	],
	certainty: 'certain',
	because: (_see, {name, uses, file}) => [
		points(
			file
				? say(
						`\`${file}\` uses \`${name}\` without a default, and it is defined nowhere`,
						`\`${file}\` 使用了没有默认值的 \`${name}\`，而它没有在任何地方定义`,
					)
				: say(`No value for \`${name}\` reaches the container`, `容器里没有得到 \`${name}\` 的值`),
			'compose-files',
		),
		...uses.map(({service, key}) =>
			points(say(`${service} gets a blank \`${key}\``, `${service} 得到的 \`${key}\` 为空`), 'compose-files'),
		),
	],
	affects: (_see, {uses}) => [...new Set(uses.map(({service}) => service))],
	key: ({name}) => name,
	hands: (_see, {name, uses}) => ({name, service: uses[0]?.service ?? null, key: uses[0]?.key ?? null, uses}),
	fixes: [fixEnvFile],
	examples: [
		() =>
			sampleFacts({
				services: {api: {status: 'restarting', restartCount: 4, exitCode: 1}},
				files: {
					uses: [
						{
							name: 'DB_PASSWORD',
							service: 'api',
							key: 'DB_PASSWORD',
							hasDefault: false,
							required: false,
							defined: false,
							file: 'docker-compose.yaml',
						},
					],
				},
			}),
	],
});
