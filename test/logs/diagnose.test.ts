import {describe, expect, test} from 'vitest';
import {createRedactor} from '../../source/core/redact.ts';
import {contractIds} from '../../source/tree/contract.ts';
import {findings, ids} from './read.ts';
import {languages, leaves, refusals, stories} from './samples.ts';
import {variations} from './variations.ts';

describe('the same refusal through every client', () => {
	test.each(Object.entries(refusals))('%s', (_, line) => {
		expect(ids(line).slice(0, 3)).toContain('stale-volume-password');
		expect(ids(line).slice(0, 3)).toContain('client-password-drift');
	});
});

describe('servers in other languages', () => {
	test.each(languages)('%s: %s', (id, ...lines) => {
		expect(ids(lines.join('\n'))[0]).toBe(id);
	});

	test.each(languages)('%s: %s, as UTF-8 that was taken for windows-1252', (id, ...lines) => {
		const text = lines.map(line => new TextDecoder('windows-1252').decode(new TextEncoder().encode(line))).join('\n');
		expect(ids(text)[0]).toBe(id);
	});

	test.each([
		[
			'gb18030',
			'd6c2c3fcb4edcef33a2020d3c3bba72022 73686f70 22 2050617373776f726420c8cfd6a4caa7b0dc',
			'stale-volume-password',
		],
		[
			'windows-1252',
			'464154414c3a20206c612062617365206465 20646f6e6ee96573 20ab2073686f7020bb206e2765786973746520706173',
			'database-missing',
		],
		['windows-1251', 'c2c0c6cdce3a2020f0eeebfc202273686f702220ede520f1f3f9e5f1f2e2f3e5f2', 'role-missing'],
	])('bytes of %s', (_, hex, id) => {
		expect(ids(Buffer.from(hex.replaceAll(' ', ''), 'hex'))[0]).toBe(id);
	});
});

describe('each diagnosis by the words of the programs', () => {
	test.each([...leaves, ...variations])('%s: %s', (id, ...lines) => {
		expect(ids(lines.join('\n'))[0]).toBe(id);
	});

	test('all diagnoses that are named anywhere are named here', () => {
		const sampled = new Set(leaves.map(([id]) => id));
		expect(contractIds.filter(id => !sampled.has(id))).toEqual([]);
	});
});

describe('several programs at once', () => {
	test.each(stories)('%s: %s', (id, ...lines) => {
		expect(ids(lines.join('\n'))[0]).toBe(id);
	});

	test.each(stories.filter(([id]) => id !== 'init-script-failed' && id !== 'stale-volume-password'))(
		'%s, in any order',
		(id, ...lines) => {
			expect(ids([...lines].reverse().join('\n'))[0]).toBe(id);
			expect(ids([...lines].sort().join('\n'))[0]).toBe(id);
		},
	);

	test('with times the order of the lines does not matter at all', () => {
		const [, ...lines] = stories.find(([id]) => id === 'disk-full') ?? [''];
		const stamped = lines.map((line, index) => `2025-05-06T10:00:0${index}.000Z ${line}`);
		const plain = (text: string[]) => findings(text.join('\n')).map(({id, certainty}) => `${id} ${certainty}`);
		expect(plain([...stamped].reverse())).toEqual(plain(stamped));
	});

	test('what was said before the server came up is history, and shown as such', () => {
		const failed =
			'2025-05-06 10:00:00.000 UTC [1] FATAL:  could not open file "global/pg_filenode.map": Permission denied';
		const ready = '2025-05-06 11:00:00.000 UTC [1] LOG:  database system is ready to accept connections';
		const [now] = findings(`${ready.replace('11:', '09:')}\n${failed}`);
		const [then] = findings(`${ready}\n${failed}`);
		expect(now?.id).toBe('data-dir-permission');
		expect(now?.because.some(({for: speaksFor}) => !speaksFor)).toBe(false);
		expect(then?.because.some(({for: speaksFor, says}) => !speaksFor && says.en.includes('ready'))).toBe(true);
		expect(then?.certainty).toBe('possible');
	});
});

describe('what is told about each suspicion', () => {
	const all = findings(stories.flatMap(([, ...lines]) => lines).join('\n'));

	test('its lines, its service and what decides between it and the next', () => {
		expect(all.length).toBeGreaterThan(3);
		for (const [index, {because, decide, certainty}] of all.entries()) {
			expect(because.length).toBeGreaterThan(0);
			expect(['possible', 'likely']).toContain(certainty);
			expect(decide.against).toBe(all[index + 1]?.id ?? null);
			expect(decide.tell.en).not.toBe('');
			expect(decide.tell.zh).not.toBe('');
		}
	});

	test('no password of a pasted line', () => {
		const secret = 'kX9-uncommon-Zr4t';
		const text = [
			`api-1 | sqlalchemy.exc.ArgumentError: Could not parse SQLAlchemy URL from string 'postgresql://shop:${secret}@db:5432/shop'`,
			`api-1 | POSTGRES_PASSWORD=${secret}`,
			`api-1 | {"level":"error","msg":"dial tcp 172.18.0.2:5432: connect: connection refused","password":"${secret}"}`,
			`api-1 | connection to server at "db" (10.0.0.2), port 5432 failed: FATAL:  password authentication failed for user "shop" (DATABASE_URL=postgres://shop:${secret}@db/shop)`,
		].join('\n');
		const shown = JSON.stringify(findings(text, createRedactor().redact));
		expect(shown).toContain('parse SQLAlchemy URL');
		expect(shown).not.toContain(secret);
	});
});

describe('nothing to find', () => {
	test.each([
		['nothing', ''],
		['blank lines', '\n\n  \n'],
		[
			'a healthy start',
			'LOG:  database system is ready to accept connections\nLOG:  checkpoint complete: wrote 41 buffers',
		],
		['prose', 'It was a dark and stormy night; the rain fell in torrents.'],
	])('%s', (_, text) => {
		expect(ids(text)).toEqual([]);
	});
});
