import {expect, test} from 'vitest';
import {upstreamFailures} from '../../source/core/nginx-log.ts';

const at = '2026-01-02T03:00:00.000Z';
const failuresIn = (...lines: string[]) => upstreamFailures(lines.map(text => ({at, text})));
const head = '2026/01/02 03:00:00 [error] 29#29: *7';
const tail = 'client: 172.20.0.1, server: , request: "GET / HTTP/1.1"';

test('the address that was tried', () => {
	const line = `${head} connect() failed (111: Connection refused) while connecting to upstream, ${tail}, upstream: "http://172.20.0.7:5001/", host: "localhost"`;
	expect(failuresIn(line)).toEqual([
		{at, says: 'connect() failed (111: Connection refused)', address: '172.20.0.7', port: 5001, name: null},
	]);
});

test('a group without a live server, and names that do not resolve', () => {
	const lines = [
		`${head} no live upstreams while connecting to upstream, ${tail}, upstream: "http://back/", host: "localhost"`,
		'2026/01/02 03:00:00 [emerg] 1#1: host not found in upstream "api" in /etc/nginx/conf.d/default.conf:3',
		`${head} api could not be resolved (3: Host not found), ${tail}`,
	];
	expect(failuresIn(...lines).map(({name, address}) => [name, address])).toEqual([
		['back', null],
		['api', null],
		['api', null],
	]);
});

test('what was before a reload is history', () => {
	const line = `${head} upstream timed out (110: Operation timed out) while connecting to upstream, ${tail}, upstream: "http://172.20.0.7:5001/"`;
	expect(failuresIn(line, '[notice] 1#1: signal 1 (SIGHUP) received from 40, reconfiguring')).toEqual([]);
	expect(failuresIn('[notice] 1#1: start worker processes', line)).toHaveLength(1);
});

test('other lines are none', () =>
	expect(failuresIn('172.20.0.1 - - [02/Jan/2026:03:00:00 +0000] "GET / HTTP/1.1" 502 157 "-" "curl"')).toEqual([]));
