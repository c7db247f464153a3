import {amount} from '../core/amount.ts';
import {diagnosis, points} from '../core/diagnosis.ts';
import {ifKnown} from '../core/if-known.ts';
import {say} from '../core/say.ts';
import {setShmSize} from '../fixes/set-shm-size.ts';
import {quoted} from '../probes/ailing.ts';
import {fileSpace} from '../probes/file-space.ts';
import {type DatabaseScope, said, serviceNamed} from '../probes/looks.ts';
import {sampleFacts, seen} from './samples.ts';

/** Size of `/dev/shm` as it is, else as the container was given it; bytes. */
const sizeOf = (see: Parameters<typeof serviceNamed>[0], database: string): {bytes: number; measured: boolean} => {
	const space = ifKnown(() => see(fileSpace, database))?.find(({place}) => place === 'shared-memory');
	return space
		? {bytes: space.bytes, measured: true}
		: {bytes: serviceNamed(see, database)?.shmSize ?? 0, measured: false};
};

/** Bytes of the segment that could not be had. */
const wantedBy = (see: Parameters<typeof serviceNamed>[0], database: string): number =>
	Number(/ to (\d+) bytes/.exec(said(see, database, 'segment-not-resized')?.text ?? '')?.[1] ?? 0);

export const shmTooSmall = diagnosis<DatabaseScope>({
	id: 'shm-too-small',
	severity: 'failure',
	name: say('Shared memory of the container is too small', '容器的共享内存太小'),
	title: ({database}) =>
		say(`The shared memory of ${database} is too small for its queries`, `${database} 的共享内存不够其查询使用`),
	about: say(
		'Parallel queries pass rows to each other through `/dev/shm`, and Docker gives a container 64 MiB of it unless told otherwise. A big join or index build needs more and fails with `could not resize shared memory segment`, while everything else works.',
		'并行查询通过 `/dev/shm` 互相传递数据，而 Docker 默认只给容器 64 MiB。较大的连接查询或建索引需要更多，便会报 `could not resize shared memory segment`，其他一切正常。',
	),
	beware: say(
		'It says `No space left on device`, and no disk is full: freeing disk space changes nothing.',
		'提示是 `No space left on device`，但磁盘并没有满：清理磁盘没有任何作用。',
	),
	lookAlikes: [
		{
			id: 'disk-full',
			tell: say(
				'There the words name a file, not a *shared memory segment*.',
				'那种情况提示里写的是文件，而不是 *shared memory segment*。',
			),
		},
	],
	certainty: (see, {database}) => (sizeOf(see, database).measured ? 'certain' : 'likely'),
	because(see, {database}) {
		const wanted = wantedBy(see, database);
		const {bytes, measured} = sizeOf(see, database);
		return [
			...quoted(see, database, 'segment-not-resized'),
			points(
				say(
					`\`/dev/shm\` of ${database} has ${amount(bytes)}; a single segment of a query wanted ${amount(wanted)}`,
					`${database} 的 \`/dev/shm\` 共 ${amount(bytes)}；查询的单个内存段需要 ${amount(wanted)}`,
				),
				measured ? 'file-space' : 'deployment-state',
			),
		];
	},
	affects: (_see, {database}) => [database],
	hands: (see, {database}) => ({
		database,
		service: database,
		wanted: wantedBy(see, database),
		now: sizeOf(see, database).bytes,
	}),
	fixes: [setShmSize],
	examples: [
		() =>
			sampleFacts({
				logs: {
					db: [
						{
							severity: 'ERROR',
							text: 'could not resize shared memory segment "/PostgreSQL.1748859872" to 16777216 bytes: No space left on device',
						},
					],
				},
				also: [
					seen(fileSpace, 'db', [
						{
							path: '/dev/shm',
							place: 'shared-memory',
							source: null,
							data: false,
							bytes: 67_108_864,
							free: 66_000_000,
							files: null,
							freeFiles: null,
						},
					]),
				],
			}),
	],
});
