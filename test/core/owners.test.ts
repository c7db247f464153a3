import {expect, test} from 'vitest';
import {countOwned, readOwners} from '../../source/core/owners.ts';

test('paths are grouped by their owner, with blanks in their names', () => {
	const owners = readOwners('0:0 /data/base\n1000:50 /data/a b\n0:0 /data/base/1\n');
	expect([...owners]).toEqual([
		['0:0', ['/data/base', '/data/base/1']],
		['1000:50', ['/data/a b']],
	]);
	expect(countOwned(owners)).toBe(3);
	expect(countOwned(readOwners(''))).toBe(0);
});

test.each(['0:0 /data/one\nhalf', '0:0 relative', 'root:root /data', '0:0 /data/\uFFFD'])('refused: %j', text => {
	expect(() => readOwners(text)).toThrow('odd name');
});
