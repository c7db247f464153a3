import {diagnosis, points} from '../core/diagnosis.ts';
import {say, type Text} from '../core/say.ts';
import {repairConfig} from '../fixes/repair-config.ts';
import type {DatabaseScope} from '../probes/looks.ts';
import {type SettingTrouble, settingTrouble} from '../probes/setting-trouble.ts';
import {type SettingsFiles, settingsFiles} from '../probes/settings-files.ts';
import {sampleFacts, sampleFile, seen} from './samples.ts';

function whatStands({kind, parameter, place, confirmed}: SettingTrouble): Text | null {
	if (!place) return null;
	const what = parameter === null ? null : `\`${parameter}\``;
	if (place.kind === 'command')
		return say(
			`${what} stands on the command line of the container (\`command:\` in the Compose file)`,
			`${what} 写在容器的启动命令中（Compose 文件的 \`command:\`）`,
		);
	const {path, line} = place;
	if (kind === 'missing-file')
		return confirmed
			? say(`There is no \`${path}\``, `\`${path}\` 不存在`)
			: say(`The server does not find \`${path}\``, `服务器找不到 \`${path}\``);
	const at =
		line === null ? say(`\`${path}\``, `\`${path}\``) : say(`\`${path}\`, line ${line}`, `\`${path}\` 第 ${line} 行`);
	return what
		? say(`${what} stands in ${at.en}`, `${what} 写在 ${at.zh}`)
		: say(`The place is ${at.en}`, `位置是 ${at.zh}`);
}

const settings = (change: Partial<SettingsFiles>): SettingsFiles => ({
	files: [
		{path: '/var/lib/postgresql/data/postgresql.conf', present: true, lines: []},
		{path: '/var/lib/postgresql/data/postgresql.auto.conf', present: true, lines: []},
	],
	command: [],
	hba: {path: '/var/lib/postgresql/data/pg_hba.conf', lines: [89, 100]},
	...change,
});

const crashing = {status: 'restarting', exitCode: 1, restartCount: 4} as const;

export const configInvalid = diagnosis<DatabaseScope>({
	id: 'config-invalid',
	severity: 'failure',
	name: say('A setting of the server is wrong', '服务器的某项设置有误'),
	title: ({database}) => say(`A setting keeps ${database} from starting`, `一项设置使 ${database} 无法启动`),
	about: say(
		'The server reads all its settings before it starts, and one that it does not know or can’t accept stops it: a misspelt name, a value with a wrong unit, a file that is not there, or a line of `pg_hba.conf` that it can’t read. Settings stand on the command line of the Compose file, in `postgresql.conf`, in `postgresql.auto.conf` (written by `ALTER SYSTEM`), and the rules for logins in `pg_hba.conf`. The data is not touched.',
		'服务器启动前会读取全部设置，只要有一项不认识或不能接受就会停止：名称拼错、数值单位不对、文件不存在，或 `pg_hba.conf` 里有一行读不懂。设置可能写在 Compose 文件的启动命令、`postgresql.conf`、`postgresql.auto.conf`（由 `ALTER SYSTEM` 写入）中，登录规则写在 `pg_hba.conf` 中。数据没有受到影响。',
	),
	beware: say(
		'Do not delete `postgresql.conf` or the volume to get rid of one line. On the very first start a wrong setting also leaves a database that is only half made: then look at it again once the setting is right.',
		'不要为了一行设置而删除 `postgresql.conf` 或整个卷。若错误发生在第一次启动，还会留下只初始化了一半的数据库：改正设置后请再检查一次。',
	),
	lookAlikes: [
		{
			id: 'version-mismatch',
			tell: say(
				'After an upgrade an old setting may be gone; the data is refused with other words: `database files are incompatible with server`.',
				'升级后旧设置可能已被取消；若是数据版本不符，提示则是 `database files are incompatible with server`。',
			),
		},
		{
			id: 'hba-rejects',
			tell: say(
				'There the server runs and only refuses a client: `no pg_hba.conf entry for host`.',
				'那种情况服务器在运行，只是拒绝某个客户端：`no pg_hba.conf entry for host`。',
			),
		},
	],
	certainty: (see, {database}) => (settingTrouble(see, database)?.confirmed ? 'certain' : 'likely'),
	because(see, {database}) {
		const trouble = settingTrouble(see, database);
		if (!trouble) return [];
		const {event} = trouble;
		const place = whatStands(trouble);
		const text = event.hint ? `${event.text} (${event.hint})` : event.text;
		return [
			points(say(`${database} said: ${text}`, `${database} 的日志：${text}`), `log of ${database}`, event.at),
			...(place ? [points(place, trouble.place?.kind === 'command' ? 'deployment-state' : 'settings-files')] : []),
		];
	},
	affects: (_see, {database}) => [database],
	hands: (see, {database}) => ({database, parameter: settingTrouble(see, database)?.parameter ?? null}),
	fixes: [repairConfig],
	examples: [
		() =>
			sampleFacts({
				services: {db: {...crashing, command: ['postgres', '-c', 'shared_bufers=1GB']}},
				logs: {db: [{severity: 'FATAL', text: 'unrecognized configuration parameter "shared_bufers"'}]},
				also: [
					seen(settingsFiles, 'db', settings({command: ['shared_bufers']})),
					sampleFile('  db:\n    image: postgres:15\n    command: [postgres, -c, shared_bufers=1GB]\n'),
				],
			}),
		() =>
			sampleFacts({
				services: {db: crashing},
				logs: {
					db: [
						{
							severity: 'LOG',
							text: 'invalid authentication method "scram"',
							detail: 'line 101 of configuration file "/var/lib/postgresql/data/pg_hba.conf"',
						},
						{severity: 'FATAL', text: 'could not load pg_hba.conf'},
					],
				},
				also: [
					seen(
						settingsFiles,
						'db',
						settings({hba: {path: '/var/lib/postgresql/data/pg_hba.conf', lines: [89, 100, 101]}}),
					),
				],
			}),
	],
});
