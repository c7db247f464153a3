import {expect, test} from 'vitest';
import {say} from '../../source/core/say.ts';
import {Trouble} from '../../source/core/trouble.ts';
import {readLog} from '../../source/engine/read-log.ts';
import {container} from '../helpers/container.ts';
import {fakeWorld, never} from '../probes/fake-world.ts';

const given = {containers: [container('api'), container('db')], logs: ['first', 'second']};

test('the log of a service, with the names of all that have one', async () => {
	const read = await readLog(fakeWorld(given), 'db', never);
	expect(read).toMatchObject({service: 'db', services: ['api', 'db'], cut: false});
	expect(read.lines.map(({text}) => text)).toEqual(['first', 'second']);
});

test('of the first service where none is named, and cut where there is more than a person reads', async () => {
	const logs = Array.from({length: 5000}, (_, index) => `line ${index}`);
	expect(await readLog(fakeWorld({...given, logs}), null, never)).toMatchObject({service: 'api', cut: true});
});

test('a service without a container, and a deployment without any, are trouble in words', async () => {
	await expect(readLog(fakeWorld(given), 'web', never)).rejects.toMatchObject({code: 'no-container'});
	await expect(readLog(fakeWorld({external: true}), null, never)).rejects.toMatchObject({code: 'no-container'});
});

test('an engine that fails is trouble, without what must not be shown', async () => {
	const world = fakeWorld({...given, redact: text => text.replace('hunter2', '•••')});
	const failing = (error: Error) => ({...world, docker: {...world.docker, logs: () => Promise.reject(error)}});
	await expect(readLog(failing(new Error('driver says hunter2')), 'db', never)).rejects.toMatchObject({
		code: 'log-unreadable',
		what: {en: 'The log can’t be read: driver says •••'},
	});
	const gone = new Trouble('not-found', say('The container is gone.', '容器已不存在。'));
	await expect(readLog(failing(gone), 'db', never)).rejects.toBe(gone);
});
