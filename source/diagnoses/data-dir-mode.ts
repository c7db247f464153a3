import {octal} from '../core/amount.ts';
import {isTooOpen} from '../core/data-mode.ts';
import {diagnosis, points} from '../core/diagnosis.ts';
import {say} from '../core/say.ts';
import {fixMode} from '../fixes/fix-mode.ts';
import {moveToNamedVolume} from '../fixes/move-to-named-volume.ts';
import {quoted} from '../probes/ailing.ts';
import {dataDirectory} from '../probes/data-directory.ts';
import {dataOwner} from '../probes/data-owner.ts';
import type {DatabaseScope} from '../probes/looks.ts';
import {sampleFacts, seen} from './samples.ts';

export const dataDirMode = diagnosis<DatabaseScope>({
	id: 'data-dir-mode',
	severity: 'failure',
	name: say('The data directory is open to others', '数据目录对他人开放'),
	title: ({database}) =>
		say(`The data directory of ${database} is open to other users`, `${database} 的数据目录对其他用户开放`),
	about: say(
		'PostgreSQL refuses a data directory that anybody but its owner (and, for reading, its group) may enter: mode 0700 or 0750. The official image sets 0700 at each start; it does not where its entrypoint is replaced, or where the mount shows every file as 0777, as NTFS and CIFS do.',
		'PostgreSQL 拒绝使用所有者以外（只读时可含所属组）还能进入的数据目录：权限必须是 0700 或 0750。官方镜像每次启动都会设为 0700；但入口被替换，或挂载把所有文件都显示为 0777（如 NTFS、CIFS）时就不会。',
	),
	beware: say(
		'Opening it further is the wrong way round, and `chmod -R` on the files inside is not needed: only the directory itself counts.',
		'继续放宽权限正好相反；也不需要对里面的文件执行 `chmod -R`：只看目录本身。',
	),
	lookAlikes: [
		{
			id: 'data-dir-permission',
			tell: say('There the owner is wrong: `has wrong ownership`.', '那种情况是所有者不对：`has wrong ownership`。'),
		},
	],
	certainty(see, {database}) {
		const {directory} = see(dataOwner, database);
		return directory && isTooOpen(directory.mode) ? 'certain' : 'likely';
	},
	because(see, {database}) {
		const {path, directory} = see(dataOwner, database);
		return [
			...(directory
				? [
						points(
							say(
								`\`${path}\` has mode ${octal(directory.mode)}; the server takes 0700 and 0750 only`,
								`\`${path}\` 的权限是 ${octal(directory.mode)}；服务器只接受 0700 和 0750`,
							),
							'data-owner',
						),
					]
				: []),
			...quoted(see, database, 'data-directory-open'),
		];
	},
	affects: (_see, {database}) => [database],
	hands: (_see, {database}) => ({database}),
	fixes: [fixMode, moveToNamedVolume],
	// A mount without modes is a folder of the machine.
	suits: (fix, see, {database}) => fix !== moveToNamedVolume || see(dataDirectory, database).kind === 'bind',
	examples: [
		() =>
			sampleFacts({
				services: {
					db: {status: 'restarting', exitCode: 1, restartCount: 4, user: 'postgres', entrypoint: ['postgres']},
				},
				logs: {
					db: [
						{
							severity: 'FATAL',
							text: 'data directory "/var/lib/postgresql/data" has invalid permissions',
							detail: 'Permissions should be u=rwx (0700) or u=rwx,g=rx (0750).',
						},
					],
				},
				also: [
					seen(dataOwner, 'db', {
						path: '/var/lib/postgresql/data',
						directory: {
							kind: 'folder',
							uid: 999,
							gid: 999,
							mode: 0o777,
							size: 0,
							modifiedAt: '2025-06-01T00:00:00.000Z',
						},
						files: [],
						runsAs: {uid: 999, name: 'postgres'},
						handsOver: false,
						lock: null,
						sockets: [],
					}),
				],
			}),
	],
});
