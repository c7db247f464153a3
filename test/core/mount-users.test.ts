import {expect, test} from 'vitest';
import {otherUsers, placeOfMounts} from '../../source/core/mount-users.ts';
import type {Container} from '../../source/core/world.ts';

const mount = (type: string, name: string, source: string, writable = true) => ({
	type,
	name,
	source,
	destination: '/x',
	writable,
});
const container = (id: string, mounts: Container['mounts'], status: Container['status'] = 'running'): Container =>
	({id, name: id, status, mounts}) as Partial<Container> as Container;

const volume = mount('volume', 'data', '/var/lib/docker/volumes/data/_data');
const bind = mount('bind', '', '/srv/app/volumes/db/data');

const users = (
	mounts: Container['mounts'],
	status?: Container['status'],
	place = placeOfMounts([volume, bind]),
): string[] => otherUsers([container('other', mounts, status)], place, ['db']).map(({id}) => id);

test('another container with the same volume or folder is found', () => {
	expect(users([volume])).toEqual(['other']);
	expect(users([mount('bind', '', '/srv/app/volumes/db/data/')])).toEqual(['other']);
});

test('so is a bind of the volume’s own folder, a folder inside, and a mount one level too high', () => {
	expect(users([mount('bind', '', '/var/lib/docker/volumes/data/_data')])).toEqual(['other']);
	expect(users([mount('bind', '', '/srv/app/volumes/db/data/pgdata')])).toEqual(['other']);
	expect(users([mount('bind', '', '/srv/app/volumes/db')])).toEqual(['other']);
});

test('a monitor that mounts the whole machine, a reader and a neighbour are not second servers', () => {
	expect(users([mount('bind', '', '/')])).toEqual([]);
	expect(users([mount('volume', 'data', '/var/lib/docker/volumes/data/_data', false)])).toEqual([]);
	expect(users([mount('bind', '', '/srv/app/volumes/db/data2')])).toEqual([]);
});

test('stopped containers can’t write; paused and restarting ones can at any moment', () => {
	expect(users([volume], 'exited')).toEqual([]);
	expect(users([volume], 'paused')).toEqual(['other']);
	expect(users([volume], 'restarting')).toEqual(['other']);
});

test('the server itself is left out by its id', () => {
	expect(otherUsers([container('db', [volume])], placeOfMounts([volume]), ['db'])).toEqual([]);
});
