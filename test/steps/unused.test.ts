import {expect, test} from 'vitest';
import type {DataPlace} from '../../source/core/data-place.ts';
import type {Container} from '../../source/core/world.ts';
import type {WriteWorld} from '../../source/core/write-world.ts';
import {requireUnused} from '../../source/steps/parts/unused.ts';

const folder: DataPlace = {path: '/data', source: '/srv/data', mountedAt: '/data', kind: 'bind', method: 'swap-parent'};
const volume: DataPlace = {path: '/data', source: 'pgdata', mountedAt: '/data', kind: 'volume', method: 'copy'};

const own = ({kind, source}: DataPlace, change: Partial<Container> = {}): Container =>
	({
		id: 'own',
		name: 'own',
		status: 'restarting',
		labels: {},
		mounts: [
			{
				type: kind,
				name: kind === 'volume' ? source : '',
				source: kind === 'volume' ? `/volumes/${source}` : source,
				destination: '/data',
				writable: true,
			},
		],
		...change,
	}) as Partial<Container> as Container;

/** An engine on another machine: its processes are out of sight. */
const far = (containers: Container[]): WriteWorld =>
	({
		signal: new AbortController().signal,
		docker: {
			info: async () => ({endpoint: 'tcp://far:2376'}),
			containers: async () => containers,
			volumes: async () => [],
			volume: async () => ({mountpoint: '/volumes/pgdata', device: null}),
		},
	}) as unknown as WriteWorld;

const stopped = {run: false, hostIsChecked: false};

test('a folder of a machine that nobody can see proves nothing, until a person has looked', async () => {
	const container = own(folder, {status: 'exited'});
	await expect(requireUnused(far([container]), container, folder, stopped)).rejects.toMatchObject({
		code: 'host-unseen',
	});
	await expect(
		requireUnused(far([container]), container, folder, {run: false, hostIsChecked: true}),
	).resolves.toBeUndefined();
});

test('only containers reach a volume', async () => {
	const container = own(volume, {status: 'exited'});
	await expect(requireUnused(far([container]), container, volume, stopped)).resolves.toBeUndefined();
});

test('another container is never passed over, and the own one only before it is stopped', async () => {
	const [container, other] = [own(volume), own(volume, {id: 'other', name: 'other'})];
	const checked = {run: true, hostIsChecked: true};
	await expect(requireUnused(far([container]), container, volume, checked)).resolves.toBeUndefined();
	await expect(requireUnused(far([container, other]), container, volume, checked)).rejects.toMatchObject({
		code: 'data-in-use',
	});
	await expect(requireUnused(far([container]), container, volume, stopped)).rejects.toMatchObject({
		code: 'data-in-use',
	});
});
