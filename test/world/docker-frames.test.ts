import {expect, test} from 'vitest';
import {collectOutput} from '../../source/world/docker-frames.ts';

/** One frame of the engine's multiplexed stream: stream type, three zeros, length, payload (Docker Engine API, "Attach to a container"). */
function frame(type: 1 | 2, text: string): Buffer {
	const head = Buffer.alloc(8);
	head[0] = type;
	head.writeUInt32BE(Buffer.byteLength(text), 4);
	return Buffer.concat([head, Buffer.from(text)]);
}

async function* broken(code: string): AsyncGenerator<Buffer> {
	yield Buffer.concat([frame(1, 'one '), frame(2, 'psql: error: ')]);
	yield frame(2, 'no room');
	throw Object.assign(new Error(code), {code});
}

test('a program that ends without reading its input is heard all the same', async () => {
	for (const code of ['EPIPE', 'ECONNRESET'])
		expect(await collectOutput(broken(code))).toEqual({stdout: 'one ', stderr: 'psql: error: no room'});
	await expect(collectOutput(broken('EIO'))).rejects.toThrow('EIO');
});
