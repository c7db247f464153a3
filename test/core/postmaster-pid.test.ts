import {expect, test} from 'vitest';
import {readPostmasterPid} from '../../source/core/postmaster-pid.ts';

test('reads a running server', () => {
	const text = '1\n/var/lib/postgresql/data\n1700000000\n5433\n/var/run/postgresql\n*\n  1048641 0\nready   \n';
	expect(readPostmasterPid(text)).toEqual({pid: 1, port: 5433, address: '*', status: 'ready'});
});

test('a server on its socket only has no address, and one that begins says little', () => {
	expect(readPostmasterPid('54\n/data\n17\n5432\n/run\n\n 1 0\nready\n')).toMatchObject({address: '', status: 'ready'});
	expect(readPostmasterPid('')).toEqual({pid: null, port: null, address: '', status: ''});
	expect(readPostmasterPid('garbage\n')).toMatchObject({pid: null});
});
