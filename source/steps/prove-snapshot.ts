import {copyVolume, type DataPlace} from '../core/data-place.ts';
import {say} from '../core/say.ts';
import {countDifferences, type RowCounts, type SnapshotEvidence} from '../core/snapshot.ts';
import {step} from '../core/step.ts';
import {Trouble} from '../core/trouble.ts';
import type {Container} from '../core/world.ts';
import type {WriteWorld} from '../core/write-world.ts';
import {withPrivateServer} from '../world/private-server.ts';
import {containerOf, serverOf} from '../world/server-place.ts';
import {checked} from '../world/sql-session.ts';
import {superuserNames} from '../world/superuser-names.ts';
import {runScript} from './parts/data-helper.ts';
import {getNote, putNote} from './parts/notes.ts';
import {countRows} from './parts/row-counts.ts';
import {provenSnapshot, snapshotMounts, snapshotNote} from './parts/snapshot-volume.ts';

type Input = {
	service: string;
	place: DataPlace;
	/** Set where nothing is destroyed afterwards: a copy on which no server starts is kept as well, and told as what it is. */
	asFarAsItGets?: boolean;
};

const trial = '/tmp/compose-medic-trial';

const trialName = (container: string): string => `compose-medic-trial-${container.slice(0, 12)}`;

/** Copies the copy once more, because starting a server changes the files, and counts every row there. */
async function countOnCopy(
	world: WriteWorld,
	service: string,
	container: Container,
	evidence: SnapshotEvidence,
): Promise<RowCounts> {
	const {stdout} = await runScript(world, {
		image: container.imageId,
		mounts: snapshotMounts(evidence.volume),
		script: "stat -c '%u:%g' /snapshot/PG_VERSION",
		purpose: 'owner',
	});
	const name = trialName(container.id);
	await world.write.docker.removeHelper(name);
	const names = await superuserNames(world.docker, await serverOf(world, service), null);
	return withPrivateServer(
		{
			docker: world.write.docker,
			name,
			image: container.imageId,
			owner: stdout.trim(),
			data: trial,
			prepare: `cp -a /snapshot ${trial}`,
			mounts: snapshotMounts(evidence.volume),
			throwaway: true,
			signal: world.signal,
			redact: text => world.redact(text),
		},
		async server => {
			const role = await server.bootstrapRole(names);
			return countRows(
				async (query, database) => checked(await server.psql(query, role, database), text => world.redact(text)).stdout,
			);
		},
	);
}

const incomplete = (odd: readonly string[]): Trouble =>
	new Trouble(
		'copy-incomplete',
		say(
			`The copy holds other row counts than the live server in: ${odd.join(', ')}.`,
			`以下数据库中副本与线上服务器的行数不一致：${odd.join('、')}。`,
		),
		{
			why: say(
				'Somebody wrote to the database while it was being stopped, or the copy is damaged.',
				'停止期间有人写入数据库，或副本已损坏。',
			),
			next: say('Stop everything that uses the database and try again.', '请停止所有使用该数据库的程序后重试。'),
		},
	);

/** A server has to start on a copy of the copy, because starting changes the files, and must find the same rows. */
export const proveSnapshot = step<Input, Record<string, never>>({
	id: 'prove-snapshot',
	risk: 'none',
	says: () =>
		say(
			'Start a throwaway server on a copy of the copy and count the rows',
			'在副本的副本上启动一次性服务器并统计行数',
		),
	like: ({place}) =>
		`docker run --rm --network none -v ${copyVolume(place.source, '<id>')}:/snapshot:ro <image> sh -c 'cp -a /snapshot ${trial} && exec postgres -D ${trial} -c listen_addresses='`,
	before: async () => ({}),
	async apply({service, asFarAsItGets = false}, _before, world, report) {
		const evidence = await getNote<SnapshotEvidence>(world, snapshotNote);
		if (!evidence) throw new Trouble('snapshot-missing', say('There is no copy to prove.', '没有可验证的副本。'));
		const container = await containerOf(world, service);
		report(say('Starting a server on the copy', '正在副本上启动服务器'));
		const tried = await countOnCopy(world, service, container, evidence).catch((error: unknown) => {
			if (!asFarAsItGets || world.signal.aborted || !(error instanceof Trouble)) throw error;
			return error;
		});
		if (tried instanceof Trouble) {
			report(say(`No server starts on the copy: ${tried.what.en}`, `副本上无法启动服务器：${tried.what.zh}`));
			return;
		}
		const odd = evidence.liveCounts ? countDifferences(evidence.liveCounts, tried) : [];
		if (odd.length > 0) throw incomplete(odd);
		await putNote(world, snapshotNote, {...evidence, copyCounts: tried, provenAt: world.now().toISOString()});
		// One of a server that was not shut down cleanly is good to keep, and never good enough to destroy anything for.
		if (!asFarAsItGets || evidence.state === 'shut down') await provenSnapshot(world, container.imageId);
		const rows = Object.values(tried).reduce((sum, one) => sum + one.rows, 0);
		report(say(`Proven: ${rows} rows in \`${evidence.volume}\``, `已验证：\`${evidence.volume}\` 中共 ${rows} 行`));
	},
	/** Only a killed run leaves its throwaway server behind. */
	async undo({service}, _before, world) {
		await world.write.docker.removeHelper(trialName((await containerOf(world, service)).id));
	},
});
