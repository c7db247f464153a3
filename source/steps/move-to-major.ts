import type {DataPlace} from '../core/data-place.ts';
import type {NewPlace} from '../core/new-place.ts';
import {list, say} from '../core/say.ts';
import {type Report, step} from '../core/step.ts';
import {Trouble} from '../core/trouble.ts';
import type {Container} from '../core/world.ts';
import type {WriteWorld} from '../core/write-world.ts';
import {privateName, withPrivateServer} from '../world/private-server.ts';
import {containerOf, dataPathOf} from '../world/server-place.ts';
import {superuserNames} from '../world/superuser-names.ts';
import {type UpgradeSize, upgradeNote} from './check-upgrade.ts';
import {controlOf, requireAlone, runScript, whole} from './parts/data-helper.ts';
import {made, makePlace, sealPlace, sourceOf, unmakePlace} from './parts/made-place.ts';
import {getNote, putNote} from './parts/notes.ts';
import {
	analyse,
	asking,
	carryConfiguration,
	clusterQuery,
	pipe,
	requireExtensions,
	requireSame,
	requireWhole,
	type Side,
	shapeOf,
} from './parts/transfer.ts';

type Input = {
	service: string;
	place: DataPlace;
	newPlace: NewPlace;
	from: string;
	to: string;
	/** Image of the old major version. */
	image: string;
};

/** The old server's own copy of the data, in the layer of its container: it goes with it. */
const copy = '/tmp/compose-medic-copy';
/** Where the new data is mounted in both servers' containers; its server's socket lies in it, so that one reaches the other. */
const target = '/new';

/** For helpers' names, which come from the data alone. */
const anyMount = {type: 'volume', source: '', destination: '', writable: true};

/** Nothing in the copy may act by itself before it is read: no job that an extension schedules, no archive, no replication. */
const still = ['max_worker_processes=0', 'max_parallel_workers=0', 'archive_mode=off'];
const flag = (setting: string): string[] => ['-c', setting];

/** Milliseconds for a copy of so many bytes on a slow disk, and for a recovery. */
const patienceFor = (bytes: number): number => 180_000 + bytes / 10_000;

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

async function ownerOf(world: WriteWorld, image: string, place: DataPlace): Promise<string> {
	const {mounts, path} = whole(place, true);
	const script = `stat -c %u:%g "$1/PG_VERSION"`;
	return (await runScript(world, {image, mounts, script, words: [path], purpose: 'owner'})).stdout.trim();
}

/** Tells every few seconds how much the new server holds, while the data is on its way. */
function watch(to: Side, bytes: number, world: WriteWorld, report: Report): () => void {
	const ask = asking(to, world);
	let busy = false;
	const timer = setInterval(() => {
		if (busy) return;
		busy = true;
		ask('select sum(pg_database_size(oid)) from pg_database;', 'template1')
			.then(size => {
				const now = Number(size);
				report(
					say(
						`${Math.round(now / 1024 / 1024)} MB are on the new server`,
						`新服务器上已有 ${Math.round(now / 1024 / 1024)} MB`,
					),
					Math.min(now, bytes),
					bytes,
				);
			})
			.catch(() => undefined)
			.finally(() => {
				busy = false;
			});
	}, 3000);
	return () => clearInterval(timer);
}

/** All that happens while both servers run. */
async function transfer(from: Side, to: Side, input: Input, world: WriteWorld, report: Report): Promise<void> {
	const size = await getNote<UpgradeSize>(world, upgradeNote);
	const path = made(world, input.newPlace, false).path;
	await requireExtensions(from, to, world);
	report(
		say('Moving roles, databases and rows from server to server', '正在把角色、数据库和数据从旧服务器传到新服务器'),
	);
	const end = watch(to, size?.bytes ?? 0, world, report);
	try {
		await pipe(from, path, world);
	} finally {
		end();
	}
	report(say('Counting every table on both sides', '正在核对两边的每一张表'));
	const counts = await requireSame(from, to, world);
	await putNote(world, 'upgrade-counts.json', counts);
	const rows = Object.values(counts).reduce((sum, one) => sum + one.rows, 0);
	report(say(`Equal on both sides: ${rows} rows`, `两边一致：共 ${rows} 行`));
	const unknown = await carryConfiguration(from, copy, path, world);
	if (unknown.length > 0) {
		const names = list(unknown.map(name => `\`${name}\``));
		report(
			say(
				`Settings that ${input.to} does not know are left out: ${names.en}`,
				`${input.to} 不认识的设置已略去：${names.zh}`,
			),
		);
	}
	report(say('Collecting statistics', '正在收集统计信息'));
	await analyse(to, world);
}

/** Runs the new image's own initdb as its own user; it refuses a directory that is not empty. */
async function initialise(
	world: WriteWorld,
	{imageId}: Container,
	newPlace: NewPlace,
	arguments_: readonly string[],
): Promise<void> {
	const {mounts, path} = made(world, newPlace, false);
	const name = privateName([{...anyMount, name: sourceOf(world, newPlace)}], 'initdb');
	await world.write.docker.removeHelper(name);
	const {code, stdout, stderr} = await world.write.docker.helper(
		{
			name,
			image: imageId,
			entrypoint: ['initdb'],
			command: ['-D', path, ...arguments_],
			user: 'postgres',
			network: 'none',
			environment: {LC_ALL: 'C'},
			mounts,
		},
		world.signal,
	);
	if (code === 0) return;
	const says = world.redact(`${stdout}\n${stderr}`.trim().split('\n').slice(-3).join(' / ')).slice(0, 400);
	throw new Trouble('initdb-failed', say('The new data directory could not be made.', '未能新建数据目录。'), {
		why: say(`initdb says: ${says}`, `initdb 的输出：${says}`),
	});
}

async function bothServers(input: Input, container: Container, world: WriteWorld, report: Report): Promise<void> {
	const {place, newPlace, image} = input;
	const {docker} = world.write;
	const source = whole(place, true);
	const {mounts, path} = made(world, newPlace, false);
	const owner = await ownerOf(world, container.imageId, place);
	const size = await getNote<UpgradeSize>(world, upgradeNote);
	const {environment} = await dataPathOf(world, container);
	const names = await superuserNames(world.docker, {container, data: place.path, owner, environment}, null);
	const common = {docker, signal: world.signal, redact: (text: string) => world.redact(text)};
	const nameFor = (purpose: string, name: string): string => privateName([{...anyMount, name}], purpose);
	report(say('Copying the data and starting the old server on the copy', '正在复制数据，并在副本上启动旧服务器'));
	await withPrivateServer(
		{
			...common,
			name: nameFor('trial', place.source),
			image,
			owner,
			data: copy,
			prepare: `cp -a ${quoted(source.path)} ${copy} && chmod 700 ${copy} && rm -f ${copy}/postmaster.pid`,
			mounts: [...source.mounts, ...mounts],
			throwaway: true,
			flags: still.flatMap(flag),
			patience: patienceFor(size?.bytes ?? 0),
		},
		async old => {
			const role = await old.bootstrapRole(names);
			const from = {server: old, role};
			const shape = shapeOf(await asking(from, world)(clusterQuery, 'template1'), role);
			if (shape.standby)
				throw new Trouble(
					'standby',
					say('This server is a standby of another one.', '该服务器是另一台服务器的备库。'),
					{
						next: say('Upgrade the primary.', '请升级主库。'),
					},
				);
			await requireWhole(from, world);
			report(say('Making the new data directory', '正在新建数据目录'));
			await initialise(world, container, newPlace, shape.arguments_);
			await withPrivateServer(
				{
					...common,
					name: nameFor('server-new', sourceOf(world, newPlace)),
					image: container.imageId,
					owner: 'postgres',
					data: path,
					mounts,
					unlimited: true,
					flags: flag(`unix_socket_directories=/tmp,${path}`),
				},
				fresh => transfer(from, {server: fresh, role}, input, world, report),
			);
		},
	);
}

/**
 * Moves everything from the old major version to the new one, from server to server, into a new place. The old data is mounted for
 * reading only: its server works on a copy that goes with its container.
 */
export const moveToMajor = step<Input, {made: string}>({
	id: 'move-to-major',
	risk: 'none',
	says: ({from, to, newPlace}) =>
		say(
			`Move all databases and roles from PostgreSQL ${from} to ${to}, into a new ${newPlace.kind === 'volume' ? 'volume' : 'folder'} beside \`${newPlace.beside}\`, and count every table on both sides`,
			`把所有数据库和角色从 PostgreSQL ${from} 迁移到 ${to}，存入 \`${newPlace.beside}\` 旁边的新${newPlace.kind === 'volume' ? '卷' : '文件夹'}，并核对两边的每一张表`,
		),
	like: ({place, newPlace, image, from, to}) =>
		[
			newPlace.kind === 'volume'
				? `docker volume create ${newPlace.beside}-${newPlace.mark}-<time>`
				: `mkdir ${newPlace.beside}-${newPlace.mark}-<time>`,
			`docker run --network none -v ${place.source}:/medic:ro ${image}  # server ${from} on a copy: cp -a /medic ${copy}`,
			`docker run --network none -v ${newPlace.beside}-${newPlace.mark}-<time>:${target} <image of ${to}>  # initdb as the old cluster was made`,
			'pg_dumpall | psql  # then ANALYZE; pg_hba.conf and settings are taken over',
		].join('\n'),
	before: async ({newPlace}, world) => ({made: sourceOf(world, newPlace)}),
	async apply(input, _before, world, report) {
		const {service, place, newPlace} = input;
		const container = await containerOf(world, service);
		await requireAlone(world, container, place);
		const image = container.imageId;
		const script = 'echo "$(id -u postgres):$(id -g postgres)"';
		const owner = await runScript(world, {image, mounts: [], script, purpose: 'owner'});
		await makePlace(world, image, newPlace, owner.stdout.trim());
		await bothServers(input, container, world, report);
		const {mounts, path} = made(world, newPlace, true);
		const control = await controlOf(world, container.imageId, mounts, path);
		if (control?.state !== 'shut down')
			throw new Trouble('not-shut-down', say('The new server did not stop cleanly.', '新服务器没有干净地停止。'), {
				next: say('Run the fix again.', '请重新执行修复。'),
			});
		await sealPlace(world, container.imageId, newPlace);
	},
	async undo({service, place, newPlace}, _before, world, report) {
		const container = await containerOf(world, service);
		await world.write.docker.removeHelper(privateName([{...anyMount, name: place.source}], 'trial'));
		const kept = await unmakePlace(world, container.imageId, newPlace);
		if (kept)
			report(
				say(`Kept, because a server has worked on it: \`${kept}\``, `已有服务器在上面运行过，因此保留：\`${kept}\``),
			);
	},
});
