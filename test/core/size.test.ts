import {expect, test} from 'vitest';
import {size} from '../../source/core/size.ts';

test.each([
	[0, '0 B'],
	[1023, '1023 B'],
	[1536, '1.5 KiB'],
	[67_108_864, '64 MiB'],
	[1_073_741_824, '1 GiB'],
	[9_000_000_000, '8.4 GiB'],
])('%i bytes are %s', (bytes, text) => {
	expect(size(bytes)).toBe(text);
});
