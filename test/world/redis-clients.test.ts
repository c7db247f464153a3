import {describe, expect, test} from 'vitest';
import {Secret} from '../../source/core/secret.ts';
import {redisLoginsIn} from '../../source/world/redis-clients.ts';

const loginsIn = (variables: Record<string, string>) =>
	redisLoginsIn('api', new Map(Object.entries(variables).map(([name, value]) => [name, new Secret(value)]))).map(
		({password, ...rest}) => ({...rest, password: password?.open() ?? null}),
	);
const base = {service: 'api', user: '', host: 'redis', port: 6379, broken: false, inFile: false};

describe('redis logins in a container’s variables', () => {
	test('Dify’s: a group and a URL', () =>
		expect(
			loginsIn({
				REDIS_HOST: 'redis',
				REDIS_PORT: '6379',
				REDIS_USERNAME: '',
				REDIS_PASSWORD: 'one',
				CELERY_BROKER_URL: 'redis://:two@redis:6379/1',
			}),
		).toEqual([
			{...base, id: 'api:REDIS_HOST', variable: 'REDIS_PASSWORD', password: 'one'},
			{...base, id: 'api:CELERY_BROKER_URL', variable: 'CELERY_BROKER_URL', password: 'two'},
		]));
	test.each([
		['AUTHENTIK_REDIS__HOST', 'AUTHENTIK_REDIS__PASSWORD'],
		['REDIS_HOSTNAME', 'REDIS_PASSWORD'],
		['REDIS_HOST', 'REDIS_HOST_PASSWORD'],
		['QUEUE_BULL_REDIS_HOST', 'QUEUE_BULL_REDIS_PASSWORD'],
	])('%s with %s', (host, password) =>
		expect(loginsIn({[host]: 'redis', [password]: 'one'})).toEqual([
			{...base, id: `api:${host}`, variable: password, password: 'one'},
		]),
	);
	test('a password in a file is not opened', () =>
		expect(loginsIn({REDIS_HOST: 'redis', REDIS_PASSWORD_FILE: '/run/secrets/redis'})[0]).toMatchObject({
			password: null,
			inFile: true,
		}));
	test('a blank one is none', () =>
		expect(loginsIn({REDIS_HOST: 'redis:6380', REDIS_PASSWORD: ''})[0]).toMatchObject({port: 6380, password: null}));
	test('a sentinel or a cluster tells its addresses itself', () =>
		expect(loginsIn({REDIS_HOST: 'redis', REDIS_USE_SENTINEL: 'true'})).toEqual([]));
	test('a switch that is off changes nothing', () =>
		expect(loginsIn({REDIS_HOST: 'redis', REDIS_USE_SENTINEL: 'false'})).toHaveLength(1));
	test('other variables are none', () =>
		expect(loginsIn({REDIS_SOCKET_HOST: '/run/redis.sock', DB_HOST: 'db', REDIS_DB: '0'})).toEqual([]));
});
