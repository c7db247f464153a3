import type {DataPlace} from '../core/data-place.ts';
import {say} from '../core/say.ts';
import {step} from '../core/step.ts';
import {Trouble} from '../core/trouble.ts';
import type {WriteWorld} from '../core/write-world.ts';
import {containerOf} from '../world/server-place.ts';
import {awaitReady} from './parts/await-ready.ts';
import {controlOf, startAlone, whole} from './parts/data-helper.ts';
import {putNote} from './parts/notes.ts';
import {countRows} from './parts/row-counts.ts';
import {graceFor, isUp} from './parts/services.ts';
import {requireBack} from './parts/volume-state.ts';

type Input = {
	service: string;
	/** Services that are stopped first, so that nobody writes while the data is set aside. */
	clients: string[];
	/** At the end of an undo something else starts the server again, with the configuration of before. */
	handsOver?: boolean;
	/** Set when the data itself is moved or copied: rows are counted before, and the stop must be a clean one. */
	place?: DataPlace;
	/** Set for a server that does not come up: how it ended is of no importance, and nobody waits for it afterwards. */
	ailing?: boolean;
};

type Before = {
	running: boolean;
	/** Whether it accepted connections: one that did not before need not be waited for when it is started again. */
	accepted?: boolean;
	clients: string[];
};

const grace = {database: 120, client: 20};
const patience = 300_000;

/** Exact counts over the local socket; null when the server can't be asked there. */
async function countLive(world: WriteWorld, service: string) {
	const ask = async (query: string, database: string): Promise<string> =>
		(await world.write.sql(service, query, {route: 'socket', database})).stdout;
	try {
		return await countRows(ask);
	} catch (error) {
		if (error instanceof Trouble) return null;
		throw error;
	}
}

export const stopDatabase = step<Input, Before>({
	id: 'stop-database',
	risk: 'restarts',
	says: ({service, clients}) =>
		clients.length > 0
			? say(`Stop ${clients.join(', ')}, then \`${service}\``, `先停止 ${clients.join('、')}，再停止 \`${service}\``)
			: say(`Stop \`${service}\` cleanly`, `干净地停止 \`${service}\``),
	like: ({service, clients}) =>
		[
			...(clients.length > 0 ? [`docker compose stop -t ${grace.client} ${clients.join(' ')}`] : []),
			`docker compose stop -t ${grace.database} ${service}`,
		].join('\n'),
	async before({service, clients}, world) {
		const up = async (name: string): Promise<boolean> => isUp((await containerOf(world, name)).status);
		const running = await Promise.all(clients.map(async name => ({name, up: await up(name).catch(() => false)})));
		const ready = await world
			.database(service)
			.ready(world.signal)
			.catch(() => 'no-answer');
		return {
			running: await up(service),
			accepted: ready === 'accepting',
			clients: running.filter(one => one.up).map(({name}) => name),
		};
	},
	async apply({service, clients, place, ailing = false}, _before, world, report) {
		const {docker} = world.write;
		await Promise.all(
			clients.map(async name => {
				const client = await containerOf(world, name).catch(() => null);
				if (client && isUp(client.status)) await docker.stop(client.id, grace.client);
			}),
		);
		const container = await containerOf(world, service);
		if (isUp(container.status)) {
			if (place && !ailing) {
				report(say('Counting the rows of every table', '统计每张表的行数'));
				await putNote(world, 'live-counts.json', await countLive(world, service));
			}
			await docker.stop(container.id, graceFor({role: 'database', status: container.status}));
		}
		if (!place || ailing) return;
		const {mounts, path} = whole(place, true);
		const control = await controlOf(world, container.imageId, mounts, path);
		if (control?.state === 'shut down') return;
		throw new Trouble(
			'not-shut-down',
			say(`\`${service}\` did not shut down cleanly.`, `\`${service}\` 没有干净地停止。`),
			{
				why: say(
					`pg_controldata says: ${control?.state ?? 'nothing'}`,
					`pg_controldata 显示：${control?.state ?? '无'}`,
				),
				next: say(
					`Start it once with \`docker compose start ${service}\` so that it recovers, then try again.`,
					`请先用 \`docker compose start ${service}\` 启动一次让其恢复，然后重试。`,
				),
			},
		);
	},
	async undo({service, handsOver = false, place, ailing = false}, {running, accepted = true, clients}, world, report) {
		const {docker} = world.write;
		if (running && !handsOver) {
			const container = await containerOf(world, service);
			if (place && !isUp(container.status)) await requireBack(world, container, place);
			if (!isUp(container.status)) await startAlone(world, container);
			if (accepted && !ailing) await awaitReady(world, service, patience, report);
		}
		for (const name of clients) {
			const client = await containerOf(world, name).catch(() => null);
			if (client && !isUp(client.status)) await docker.start(client.id);
		}
	},
});
