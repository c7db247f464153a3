import {describe, expect, test} from 'vitest';
import {parseRedisUrl} from '../../source/core/redis-url.ts';

describe('a redis URL', () => {
	test.each([
		['redis://:s3cret@redis:6379/1', {user: '', password: 's3cret', host: 'redis', port: 6379, broken: false}],
		['redis://app:p%40ss@cache', {user: 'app', password: 'p@ss', host: 'cache', port: 6379, broken: false}],
		['rediss://redis:6380', {user: '', password: null, host: 'redis', port: 6380, broken: false}],
		['redis://:a@b@redis:6379/0', {user: '', password: 'a@b', host: 'redis', port: 6379, broken: false}],
		['redis://:pa/ss#1@redis:6379/0', {user: '', password: 'pa/ss#1', host: 'redis', port: 6379, broken: true}],
		['redis://[::1]:6379', {user: '', password: null, host: '::1', port: 6379, broken: false}],
		['valkey://:%zz@h', {user: '', password: '%zz', host: 'h', port: 6379, broken: false}],
	])('%s', (text, expected) => expect(parseRedisUrl(text)).toEqual(expected));

	test('nothing else is one', () => {
		for (const text of ['postgres://a:b@c/d', 'redis', 'http://redis:6379']) expect(parseRedisUrl(text)).toBeNull();
	});
});
