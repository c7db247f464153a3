import {rm} from 'node:fs/promises';
import {createServer} from 'node:http';
import {expect, test} from 'vitest';
import {readEvents} from '../../source/world/docker-events.ts';
import {connectEngine} from '../../source/world/docker-transport.ts';
import {ReadGuard} from '../../source/world/read-guard.ts';
import {withFolder} from '../helpers/cli.ts';

const event = (Action: string, timeNano: number, Attributes: Record<string, string>): string =>
	JSON.stringify({Type: 'container', Action, timeNano, Actor: {ID: 'x', Attributes}});

/** What an engine answers to the one question, and the question itself. */
const ask = (body: string) =>
	withFolder(async folder => {
		let asked = '';
		const socketPath = `${folder}/engine.sock`;
		const server = createServer((request, response) => {
			asked = request.url ?? '';
			response.end(body);
		});
		await new Promise<void>(resolve => server.listen(socketPath, resolve));
		try {
			const docker = connectEngine({
				endpoint: {context: 'default', url: `unix://${socketPath}`, address: {socketPath}, tls: null},
				redact: text => text,
				guard: new ReadGuard(),
			});
			const events = await readEvents(docker, {
				id: 'abc',
				since: '2026-01-01T00:00:00.5Z',
				until: '2026-01-01T00:01:00Z',
			});
			return {events, asked: new URL(asked, 'http://engine')};
		} finally {
			await new Promise(resolve => server.close(resolve));
			await rm(socketPath, {force: true});
		}
	});

test('a span that has passed is asked for, of one container, through the guard that refuses writes', async () => {
	const {asked} = await ask('');
	expect(asked.pathname).toMatch(/\/events$/);
	expect(asked.searchParams.get('since')).toBe('1767225600.500000000');
	expect(asked.searchParams.get('until')).toBe('1767225660.000000000');
	expect(JSON.parse(asked.searchParams.get('filters') ?? '{}')).toMatchObject({container: ['abc']});
});

test('events come out with their signal and exit code, oldest first', async () => {
	const body = [
		event('kill', 1_767_225_600_123_000_000, {signal: '15'}),
		event('die', 1_767_225_610_000_000_000, {exitCode: '137'}),
		'',
	].join('\n');
	expect((await ask(body)).events).toEqual([
		{at: '2026-01-01T00:00:00.123Z', action: 'kill', signal: '15', exitCode: null},
		{at: '2026-01-01T00:00:10.000Z', action: 'die', signal: null, exitCode: 137},
	]);
});

test('half a line is no event but a failure of the look', async () => {
	await expect(ask(event('die', 1, {}).slice(0, 20))).rejects.toThrow();
});
