import {mkdtemp, rm} from 'node:fs/promises';
import {createServer} from 'node:http';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import Docker from 'dockerode';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {createDockerWriter} from '../../source/world/docker-writer.ts';

// What is removed is removed for everybody on the engine: the very request is looked at before any engine sees it.

let folder = '';
let answer: (request: string) => {status: number; body: unknown} = () => ({status: 500, body: {}});
const requests: string[] = [];
const server = createServer((request, response) => {
	requests.push(`${request.method} ${decodeURIComponent(request.url ?? '')}`);
	const {status, body} = answer(requests.at(-1) ?? '');
	response.writeHead(status, {'content-type': 'application/json'}).end(JSON.stringify(body));
});
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'compose-medic-room-'));
	requests.length = 0;
	await new Promise<void>(done => server.listen(join(folder, 'docker.sock'), done));
});
afterEach(async () => {
	await new Promise(done => server.close(done));
	await rm(folder, {recursive: true});
});
const writer = () => createDockerWriter(new Docker({socketPath: join(folder, 'docker.sock')}));

test('a record of the build cache goes by its whole id, and no other one is asked for', async () => {
	answer = () => ({status: 200, body: {CachesDeleted: ['u2k5x0q7w1'], SpaceReclaimed: 7}});
	await writer().removeBuildCache('u2k5x0q7w1');
	expect(requests).toEqual(['POST /build/prune?all=true&filters={"id":["^u2k5x0q7w1$"]}']);
});

test('an engine that removes more than it was asked for is found out', async () => {
	answer = () => ({status: 200, body: {CachesDeleted: ['u2k5x0q7w1', 'another'], SpaceReclaimed: 7}});
	await expect(writer().removeBuildCache('u2k5x0q7w1')).rejects.toThrow('another');
});

test.each(['', '.*', 'u2k5', 'u2k5x0q7w1|.*', 'u2k5x0q7w1"],"all":["'])('%j is no id: nothing is sent', async id => {
	await expect(writer().removeBuildCache(id)).rejects.toThrow('no id');
	expect(requests).toEqual([]);
});

test('an image goes without force and without its parents, and only while nobody needs it', async () => {
	const id = `sha256:${'a'.repeat(64)}`;
	const image = {Id: id, RepoTags: ['<none>:<none>']};
	answer = request => ({
		status: 200,
		body: request.includes('/containers/') ? [] : request.startsWith('GET') ? image : [],
	});
	await writer().removeDanglingImage(id);
	expect(requests.at(-1)).toBe(`DELETE /images/${id}?force=false&noprune=true`);
	for (const [named, users] of [
		[{...image, RepoTags: ['shop:latest']}, []],
		[image, [{ImageID: id, Names: ['/stopped']}]],
	] as const) {
		requests.length = 0;
		answer = request => ({status: 200, body: request.includes('/containers/') ? users : named});
		await expect(writer().removeDanglingImage(id)).rejects.toMatchObject({code: 'image-in-use'});
		expect(requests.filter(request => request.startsWith('DELETE'))).toEqual([]);
	}
});
