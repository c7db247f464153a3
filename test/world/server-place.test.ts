import {expect, test} from 'vitest';
import type {Container, DockerReader, Volume} from '../../source/core/world.ts';
import {aloneOn} from '../../source/world/server-place.ts';

type Mount = Container['mounts'][number];

const bind = (source: string): Mount => ({type: 'bind', name: '', source, destination: '/data', writable: true});
const volume = (name: string): Mount => ({
	type: 'volume',
	name,
	source: `/var/lib/docker/volumes/${name}/_data`,
	destination: '/data',
	writable: true,
});
const known = (name: string, device: string | null = null): Volume => ({
	name,
	driver: 'local',
	mountpoint: `/var/lib/docker/volumes/${name}/_data`,
	labels: {},
	createdAt: '',
	device,
});

/** An engine on which one other container runs, with one mount. */
const engine = (mount: Mount, volumes: Volume[]): DockerReader =>
	({
		containers: async () => [{id: 'other', name: 'other', status: 'running', mounts: [mount]}],
		volumes: async () => volumes,
	}) as unknown as DockerReader;

const leading = [known('plain'), known('leading', '/srv/data'), known('second', '/srv/data/')];

test.each([
	['the same volume', volume('plain'), volume('plain')],
	['the folder of the volume', volume('plain'), bind('/var/lib/docker/volumes/plain/_data')],
	['the folder that the volume leads to', volume('leading'), bind('/srv/data')],
	['a volume that leads to the folder', bind('/srv/data'), volume('leading')],
	['another volume that leads to the same folder', volume('leading'), volume('second')],
])('a server is not alone beside %s', async (_name, own, other) => {
	await expect(aloneOn(engine(other, leading), [own], [])).rejects.toMatchObject({code: 'data-in-use'});
});

test.each([
	['another volume', volume('plain'), volume('leading')],
	['another folder', bind('/srv/data'), bind('/srv/other')],
	['the folder for reading only', bind('/srv/data'), {...bind('/srv/data'), writable: false}],
])('a server is alone beside %s', async (_name, own, other) => {
	await expect(aloneOn(engine(other, leading), [own], [])).resolves.toBeUndefined();
});
