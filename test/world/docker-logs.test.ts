import {expect, test} from 'vitest';
import {FrameReader} from '../../source/world/docker-frames.ts';
import {engineTime, LogReader} from '../../source/world/docker-logs.ts';

const frame = (stream: 1 | 2, payload: string | Buffer): Buffer => {
	const body = Buffer.from(payload as string);
	const head = Buffer.alloc(8);
	head[0] = stream;
	head.writeUInt32BE(body.length, 4);
	return Buffer.concat([head, body]);
};
const at = (second: number): string => `2026-01-02T03:04:0${second}.123456789Z`;
const read = (tty: boolean, chunks: Buffer[]) => {
	const reader = new LogReader(tty, line => line);
	for (const chunk of chunks) reader.push(chunk);
	return reader.end().map(({at: time, stream, text}) => [time, stream, text]);
};

const log = Buffer.concat([
	frame(1, `${at(1)} one\n`),
	frame(2, `${at(2)} err\n`),
	frame(1, `${at(3)} first half `),
	frame(2, `${at(4)} between\n`),
	frame(1, `${at(5)} second half\n`),
	frame(1, `${at(6)} \n`),
	frame(1, `${at(7)} no end`),
]);
const expected = [
	[at(1), 'stdout', 'one'],
	[at(2), 'stderr', 'err'],
	[at(4), 'stderr', 'between'],
	[at(3), 'stdout', 'first half second half'],
	[at(6), 'stdout', ''],
	[at(7), 'stdout', 'no end'],
];

test('an entry that the engine cut is one line with the time of its beginning', () => {
	expect(read(false, [log])).toEqual(expected);
});

test('chunks may end anywhere', () => {
	for (const size of [1, 3, 7, 50]) {
		const chunks = [];
		for (let from = 0; from < log.length; from += size) chunks.push(log.subarray(from, from + size));
		expect(read(false, chunks)).toEqual(expected);
	}
});

test('a terminal has no frames', () => {
	expect(read(true, [Buffer.from(`${at(1)} one\r\n${at(2)} t`), Buffer.from('wo\r\n')])).toEqual([
		[at(1), 'stdout', 'one\r'],
		[at(2), 'stdout', 'two\r'],
	]);
});

test('bytes that are no UTF-8 do no harm', () => {
	expect(
		read(false, [frame(1, Buffer.concat([Buffer.from(`${at(1)} a`), Buffer.from([0xff, 0xfe]), Buffer.from('b\n')]))]),
	).toEqual([[at(1), 'stdout', 'a��b']]);
});

test('a header that is split gives nothing until the payload is whole', () => {
	const reader = new FrameReader(false);
	const whole = frame(2, 'abc');
	expect(reader.push(whole.subarray(0, 5))).toEqual([]);
	expect(reader.push(whole.subarray(5, 10))).toEqual([]);
	expect(reader.push(whole.subarray(10))).toEqual([{stream: 'stderr', payload: Buffer.from('abc')}]);
});

test('the engine is asked in seconds with nine digits', () => {
	expect(engineTime('2026-01-02T03:04:05.1Z')).toBe(`${Date.parse('2026-01-02T03:04:05Z') / 1000}.100000000`);
	expect(engineTime('2026-01-02T03:04:05Z')).toBe(`${Date.parse('2026-01-02T03:04:05Z') / 1000}.000000000`);
});
