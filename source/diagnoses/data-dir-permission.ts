import {octal} from '../core/amount.ts';
import {diagnosis, points} from '../core/diagnosis.ts';
import {say} from '../core/say.ts';
import {fixOwnership} from '../fixes/fix-ownership.ts';
import {moveToNamedVolume} from '../fixes/move-to-named-volume.ts';
import {quoted} from '../probes/ailing.ts';
import {composeTexts} from '../probes/compose-texts.ts';
import {dataDirectory} from '../probes/data-directory.ts';
import {type DataOwner, dataOwner} from '../probes/data-owner.ts';
import {type DatabaseScope, serviceNamed} from '../probes/looks.ts';
import {mountRefusesOwners} from '../probes/owner-looks.ts';
import {saidAtStart} from '../probes/start-looks.ts';
import {volumeNames} from '../probes/volume-names.ts';
import {sampleFacts, seen} from './samples.ts';

const words = [
	'wrong-ownership',
	'initdb-denied',
	'chown-refused',
	'own-file-denied',
	'folder-unreadable',
	'chmod-refused',
] as const;

const folder = (uid: number, mode: number): DataOwner['directory'] => ({
	kind: 'folder',
	uid,
	gid: uid,
	mode,
	size: 0,
	modifiedAt: '2025-06-01T00:00:00.000Z',
});

const owner = (change: Partial<DataOwner>): DataOwner => ({
	path: '/var/lib/postgresql/data',
	directory: folder(999, 0o700),
	files: [],
	runsAs: {uid: 999, name: 'postgres'},
	handsOver: true,
	lock: null,
	sockets: [],
	...change,
});

export const dataDirPermission = diagnosis<DatabaseScope>({
	id: 'data-dir-permission',
	severity: 'failure',
	name: say('The data directory belongs to another user', '数据目录属于另一个用户'),
	title: ({database}) => say(`${database} may not read its own data directory`, `${database} 无权读取自己的数据目录`),
	about: say(
		'PostgreSQL starts only as the user that owns its data directory. The owner is a number, and it has to be the number that the server’s image uses: after a copy, a restore, a `user:` line or another image it often is not. The official image hands the files over at each start while it runs as root; it can’t where `user:` is set, where the right to do so was taken away (`cap_drop`), or where the mount refuses it: NTFS, exFAT, CIFS, and NFS with `root_squash` have no owners to change.',
		'PostgreSQL 只能由数据目录的所有者启动。所有者是一个编号，必须与服务器镜像使用的编号一致：在复制、还原、加了 `user:`，或更换镜像之后往往就不一致了。官方镜像以 root 启动时每次都会把文件交给正确的用户；但若设置了 `user:`、去掉了这项权限（`cap_drop`），或挂载本身不允许，它就做不到：NTFS、exFAT、CIFS 以及启用 `root_squash` 的 NFS 没有可以更改的所有者。',
	),
	beware: say(
		'`chmod -R 777` does not help: the server refuses a directory that others may read. And do not let an empty directory be initialised in its place.',
		'`chmod -R 777` 没有用：服务器拒绝使用他人可读的目录。也不要让它在原处初始化一个空目录。',
	),
	lookAlikes: [
		{
			id: 'data-dir-mode',
			tell: say(
				'There the owner is right and the mode is too open: `has invalid permissions`.',
				'那种情况所有者正确，但权限过宽：`has invalid permissions`。',
			),
		},
		{
			id: 'superuser-password-missing',
			tell: say(
				'A server that can’t read its directory takes it for empty and asks for a password too; look whether `PG_VERSION` is there.',
				'读不到目录的服务器会以为目录是空的，同样会索要密码；请看 `PG_VERSION` 是否存在。',
			),
		},
		{
			id: 'read-only-filesystem',
			tell: say(
				'There even the right owner may not write: `Read-only file system`.',
				'那种情况连正确的所有者也不能写：`Read-only file system`。',
			),
		},
	],
	certainty(see, {database}) {
		const {directory, files, runsAs} = see(dataOwner, database);
		const foreign = [directory, ...files].some(found => found && found.uid !== runsAs.uid);
		return foreign && runsAs.uid !== null ? 'certain' : 'likely';
	},
	because(see, {database}) {
		const {path, directory, files, runsAs, handsOver} = see(dataOwner, database);
		const service = serviceNamed(see, database);
		const foreign = files.find(({uid}) => uid !== runsAs.uid);
		const id = runsAs.uid === null ? `\`${runsAs.name}\`` : `${runsAs.uid}`;
		const dropped = service?.confinement?.capDrop.filter(name => ['ALL', 'CHOWN'].includes(name)) ?? [];
		return [
			...(directory
				? [
						points(
							say(
								`\`${path}\` belongs to user ${directory.uid} (mode ${octal(directory.mode)}), and the server runs as user ${id}`,
								`\`${path}\` 属于用户 ${directory.uid}（权限 ${octal(directory.mode)}），而服务器以用户 ${id} 运行`,
							),
							'data-owner',
						),
					]
				: []),
			...(foreign
				? [
						points(
							say(`\`${foreign.path}\` belongs to user ${foreign.uid}`, `\`${foreign.path}\` 属于用户 ${foreign.uid}`),
							'data-owner',
							foreign.modifiedAt,
						),
					]
				: []),
			...(handsOver
				? dropped.length > 0
					? [
							points(
								say(
									`The container may not change owners: \`cap_drop\` has ${dropped.join(', ')}`,
									`容器不能更改所有者：\`cap_drop\` 包含 ${dropped.join('、')}`,
								),
								'deployment-state',
							),
						]
					: saidAtStart(see, database, 'chown-refused')
						? [
								points(
									say(
										'The image tried to hand the files over as root, and the mount refused: such mounts (NTFS, exFAT, CIFS, NFS with `root_squash`) keep their own owner',
										'镜像以 root 身份尝试移交文件，但挂载拒绝了：这类挂载（NTFS、exFAT、CIFS、启用 `root_squash` 的 NFS）只认自己的所有者',
									),
									'data-owner',
								),
							]
						: []
				: [
						points(
							say(
								`Nobody hands the files over at the start: the container runs as \`${service?.user || 'root'}\` with its own entrypoint or \`user:\``,
								`启动时没有谁来移交文件：容器以 \`${service?.user || 'root'}\` 运行，使用了自定义入口或 \`user:\``,
							),
							'deployment-state',
						),
					]),
			...quoted(see, database, ...words),
		];
	},
	affects: (_see, {database}) => [database],
	hands: (_see, {database}) => ({database}),
	fixes: [fixOwnership, moveToNamedVolume],
	suits(fix, see, {database}) {
		const refuses = mountRefusesOwners(see, database);
		return fix === fixOwnership ? !refuses : refuses || see(dataDirectory, database).kind === 'bind';
	},
	examples: [
		() =>
			sampleFacts({
				services: {db: {status: 'restarting', exitCode: 1, restartCount: 4, user: '1000'}},
				logs: {
					db: [
						{text: "chmod: changing permissions of '/var/lib/postgresql/data': Operation not permitted"},
						{text: 'initdb: error: could not access directory "/var/lib/postgresql/data": Permission denied'},
					],
				},
				also: [seen(dataOwner, 'db', owner({runsAs: {uid: 1000, name: '1000'}, handsOver: false}))],
			}),
		// Restored as root, into a container that may not hand the files over.
		() =>
			sampleFacts({
				services: {
					db: {
						status: 'restarting',
						exitCode: 1,
						restartCount: 4,
						confinement: {readOnlyRoot: false, capDrop: ['CHOWN'], seccomp: 'none', tmpfs: [], stopGrace: 10},
					},
				},
				logs: {
					db: [{text: "chown: changing ownership of '/var/lib/postgresql/data': Operation not permitted"}],
				},
				also: [
					seen(dataOwner, 'db', owner({directory: folder(0, 0o700)})),
					seen(composeTexts, '', {
						files: [
							{
								path: '/srv/shop/docker-compose.yaml',
								text: 'services:\n  db:\n    volumes:\n      - ./volumes/db/data:/var/lib/postgresql/data\n',
								extended: false,
							},
						],
						values: {},
					}),
					seen(volumeNames, '', []),
				],
			}),
		// A folder of Windows: every file belongs to root for good, whatever the entrypoint tries.
		() =>
			sampleFacts({
				services: {db: {status: 'restarting', exitCode: 1, restartCount: 4}},
				logs: {
					db: [{text: "chown: changing ownership of '/var/lib/postgresql/data': Operation not permitted"}],
				},
				also: [seen(dataOwner, 'db', owner({directory: folder(0, 0o777)}))],
			}),
	],
});
