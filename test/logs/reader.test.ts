import {describe, expect, test} from 'vitest';
import {withoutMojibake} from '../../source/logs/encoding.ts';
import {plainSentence, readLine} from '../../source/logs/line.ts';
import {Scanner} from '../../source/logs/scanner.ts';
import {asUtf8} from '../../source/world/log-bytes.ts';
import {ids, read} from './read.ts';

const refused = 'FATAL:  database "shop" does not exist';

describe('a line is freed of what carried it', () => {
	test.each([
		['docker-api-1  | hello', 'docker-api', null, 'hello'],
		['db_1 |hello', 'db', null, 'hello'],
		['api-1 | 2025-05-06T10:00:00.123456789Z hello', 'api', '2025-05-06T10:00:00.123Z', 'hello'],
		['2025-05-06T10:00:00.123456789Z 2025-05-06T12:00:00+02:00 hello', '', '2025-05-06T10:00:00.123Z', 'hello'],
		['2025-05-06 10:00:00 2025-05-06 10:00:00.500 UTC [1] LOG:  hi', '', '2025-05-06T10:00:00.000Z', '[1] LOG: hi'],
		['[pod/db-0/postgres] hello', 'postgres', null, 'hello'],
		['{"log":"hello\\n","stream":"stderr","time":"2025-05-06T10:00:00.1Z"}', '', '2025-05-06T10:00:00.100Z', 'hello'],
		['api-1 | {"level":"error","msg":"hello \\"you\\"","ts":1}', 'api', null, 'error hello "you" 1'],
		['\x1b[33mapi-1  |\x1b[0m \x1b[31mhello\x1b[0m\r', 'api', null, 'hello'],
		['May  6 10:00:00 host dockerd[812]: hello', 'dockerd', null, 'hello'],
		['a | b || c', 'a', null, 'b || c'],
		['-- | -- | --', '', null, '-- | -- | --'],
	])('%j', (raw, service, at, text) => {
		const line = readLine(raw);
		expect({...line, at: line.at === null ? null : new Date(line.at).toISOString()}).toEqual({service, at, text});
	});

	test('escapes, odd quotes and blanks become the sentence that the program said', () => {
		expect(plainSentence('role \\"root\\" does\\nnot   exist')).toBe('role "root" does not exist');
		expect(plainSentence('角色 \\u4e0d “x”')).toBe('角色 不 "x"');
		expect(plainSentence('full#012HINT: &quot;x&quot;')).toBe('full HINT: "x"');
	});

	test.each([
		['compose', `db-1  | ${refused}`],
		['two times', `2025-05-06 10:00:00 2025-05-06T10:00:00Z ${refused}`],
		['json-file', JSON.stringify({log: `${refused}\n`, stream: 'stderr', time: '2025-05-06T10:00:00Z'})],
		['structured', JSON.stringify({level: 'error', err: {message: refused, code: '3D000'}})],
		['json in json', JSON.stringify({log: JSON.stringify({msg: refused})})],
		['json that is cut', `{"level":"error","msg":"database \\"shop\\" does not exist`],
		['kubectl', `[pod/db-0/db] ${refused}`],
		['colours', `\x1b[31m${refused}\x1b[0m`],
		['CRLF', `${refused}\r`],
		['markdown', `> **${refused}**`],
		['a table', `| 10:00 | ${refused} |`],
		[
			'broken by a terminal',
			`2025-05-06 10:00:00.000 UTC [4711] shop@shop from 172.18.0.5 FATAL:  database "shop" does n\not exist`,
		],
	])('%s', (_, text) => {
		expect(ids(text)[0]).toBe('database-missing');
	});
});

describe('bytes of any kind', () => {
	test.each(['utf-16le', 'utf-16be'])('%s with its mark', async encoding => {
		const wide = Buffer.from(`\ufeffbefore\r\n${refused}\r\nafter\r\n`, 'utf16le');
		if (encoding === 'utf-16be') wide.swap16();
		const parts: Uint8Array[] = [];
		for await (const part of asUtf8(
			(async function* () {
				yield wide.subarray(0, 21);
				yield wide.subarray(21);
			})(),
		))
			parts.push(part.slice());
		expect(ids(Buffer.concat(parts))[0]).toBe('database-missing');
	});

	test('chunks may end anywhere', () => {
		const text = `db-1 | 致命错误:  数据库 "shop" 不存在\r\ndb-1 | ${refused}`;
		for (const chunk of [1, 2, 3, 7, 64]) expect(read(text, chunk).sightings.all()[0]?.count).toBe(2);
	});

	test('a line of megabytes is read to its first megabyte and costs no more memory', () => {
		const text = `${'x'.repeat(900_000)} ${refused} ${'y'.repeat(3_000_000)}\n${refused}\n`;
		expect(read(text, 65_536).sightings.all()[0]?.count).toBe(2);
	});

	test('hostile bytes are survived, and none of them comes out', () => {
		const noise = Uint8Array.from({length: 200_000}, (_, index) => (index * 2654435761) % 251);
		const text = `\x1b]0;owned\x07\x1b[2J\u202edb-1 | ${refused}\u0000\x1b`;
		const reading = read(Buffer.concat([noise, Buffer.from(`\n${text}\n`)]));
		const line = reading.sightings.all().find(({message}) => message.id === 'database-unknown')?.lines[0] ?? '';
		expect(line).toContain('does not exist');
		expect(line).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202e]/);
	});

	test('beyond the first megabytes only lines with a known word are read, with the same result', () => {
		const noise = '2025-05-06 10:00:00 INFO request handled in 12 ms, status 200, nothing to see here\n'.repeat(26_000);
		const reading = read(`${noise}db-1 | ${refused}\n${noise}`, 1 << 20, text => text, 1 << 20);
		expect(reading.bytes).toBeGreaterThan(4_000_000);
		expect(reading.sightings.all().map(({message}) => message.id)).toEqual(['database-unknown']);
	});

	test('memory does not grow with the number of services and names', () => {
		const lines = Array.from({length: 3000}, (_, index) => `svc${index}x | FATAL:  role "user${index}" does not exist`);
		const sightings = read(lines.join('\n')).sightings.all();
		expect(sightings.length).toBeLessThan(100);
		expect(Math.max(...sightings.map(({names}) => names.size))).toBeLessThanOrEqual(64);
	});
});

test('mojibake is undone only where it is some', () => {
	const broken = new TextDecoder('windows-1252').decode(new TextEncoder().encode('数据库 "x" 不存在'));
	expect(withoutMojibake(broken)).toBe('数据库 "x" 不存在');
	expect(withoutMojibake('plain')).toBeNull();
	expect(withoutMojibake('à la carte, déjà vu')).toBeNull();
});

describe('the scanner', () => {
	const words = ['does not exist', 'not existing', 'exists', 'no space left', '不存在', 'ea-first', 'aaaaaaaaab'];
	const found = (text: string): [string, number][] => {
		const bytes = new TextEncoder().encode(text);
		const hits: [string, number][] = [];
		new Scanner(words).scan(bytes, 0, bytes.length, (word, at) => {
			hits.push([words[word] ?? '', at]);
			return at + 1;
		});
		return hits;
	};

	test('finds what a plain search finds, in every place and case', () => {
		const text = 'It DOES NOT EXIST; 不存在 aaaaaaaaaaab, EA-FIRST exists? No Space Left: not existing exists';
		const lower = text.toLowerCase();
		const expected = words
			.flatMap(word =>
				[...lower.matchAll(new RegExp(word, 'g'))].map(
					({index}) => `${word} ${new TextEncoder().encode(text.slice(0, index)).length}`,
				),
			)
			.sort();
		expect(
			found(text)
				.map(([word, at]) => `${word} ${at}`)
				.sort(),
		).toEqual(expected);
	});

	test('finds the lines that hold a word, in order and once, wherever the parts of the bytes meet', () => {
		for (let size = 0; size < 120; size++) {
			const text = `${'x'.repeat(size)} exists\nnothing\n${'y'.repeat(size % 7)}does not exist, exists\n\nno SPACE left\nexist`;
			const bytes = new TextEncoder().encode(text);
			const lines: string[] = [];
			new Scanner(words).lines(bytes, 0, bytes.length, (from, to) => lines.push(text.slice(from, to)));
			expect(lines).toEqual(text.split('\n').filter(line => /exists|does not exist|no space left/i.test(line)));
		}
	});

	test('goes on where it is told', () => {
		const bytes = new TextEncoder().encode('exists exists exists');
		const hits: number[] = [];
		new Scanner(['exists']).scan(bytes, 0, bytes.length, (_, at) => {
			hits.push(at);
			return at + 8;
		});
		expect(hits).toEqual([0, 14]);
	});
});
