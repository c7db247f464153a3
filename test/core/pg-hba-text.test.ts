import {expect, test} from 'vitest';
import {hbaName, hbaRecord, networkOf, socketLine, withHbaRecord} from '../../source/core/pg-hba-text.ts';

test.each([
	['app', 'app'],
	['all', '"all"'],
	['replication', '"replication"'],
	['with blank', '"with blank"'],
	['a"b', '"a""b"'],
	['+group', '"+group"'],
	['a,b', '"a,b"'],
])('the name %s', (name, quoted) => {
	expect(hbaName(name)).toBe(quoted);
});

test('records name a password method, for one database or for every one', () => {
	expect(hbaRecord({database: 'dify', user: 'app', address: '172.18.0.0/16', method: 'scram-sha-256'})).toBe(
		'host dify app 172.18.0.0/16 scram-sha-256',
	);
	expect(hbaRecord({database: null, user: 'all', address: 'all', method: 'md5'})).toBe('host all "all" all md5');
	expect(socketLine('template1', 'post gres')).toBe('local template1 "post gres" trust');
});

const file = '# comment\nlocal all all trust\nhost all all all reject\n';

test('a record goes in front of the line that rejects', () => {
	expect(withHbaRecord(file, 'host a b all md5', 3)).toBe(
		'# comment\nlocal all all trust\nhost a b all md5\nhost all all all reject\n',
	);
});

test('without such a line it is appended, also after a last line without an end', () => {
	expect(withHbaRecord(file, 'host a b all md5', null)).toBe(`${file}host a b all md5\n`);
	expect(withHbaRecord(file.trimEnd(), 'host a b all md5', null)).toBe(`${file}host a b all md5\n`);
	expect(withHbaRecord('', 'host a b all md5', null)).toBe('host a b all md5\n');
});

test('line ends of the file are kept, and nothing is added twice', () => {
	const once = withHbaRecord('local all all trust\r\n', 'host a b all md5', null);
	expect(once).toBe('local all all trust\r\nhost a b all md5\r\n');
	expect(withHbaRecord(once, 'host a b all md5', 1)).toBe(once);
});

test.each([
	['172.18.0.5', 16, '172.18.0.0/16'],
	['192.168.255.129', 25, '192.168.255.128/25'],
	['10.1.2.3', 8, '10.0.0.0/8'],
	['10.1.2.3', 0, '10.1.2.3/32'],
	['fd00::2', 64, 'fd00::2/128'],
])('the network of %s/%i', (address, prefix, network) => {
	expect(networkOf(address, prefix)).toBe(network);
});
