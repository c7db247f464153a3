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
	title: ({name}) => say(`The variable \`${name}\` is not set`, `变量 \`${name}\` 没有设置`),
	about: say(
		'The Compose file refers to a variable that neither `.env` nor the shell defines. Compose puts a blank in its place and only warns, so the service starts with an empty value, or it refuses to start when the variable is required.',
		'Compose 文件引用了一个 `.env` 和 shell 都没有定义的变量。Compose 只给出警告并代入空值，服务便带着空值启动；若变量是必需的，则拒绝启动。',
	),
	beware: say(
		'Do not invent a new password for it: the database keeps the one it was initialised with.',
		'不要随手填一个新密码：数据库仍保存着初始化时的密码。',
	),
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
