import {expect, test} from 'vitest';
import {createRedactor} from '../../source/core/redact.ts';
import {Secret} from '../../source/core/secret.ts';
import {eachOnce, rememberSecrets} from '../../source/world/known-secrets.ts';

const learnt = (environment: Record<string, string>, command: string[] = []): string[] => {
	const found: string[] = [];
	const redactor = {add: (secret: Secret) => void found.push(secret.open()), redact: (text: string) => text};
	rememberSecrets(redactor, Object.entries(environment), command, []);
	return found;
};

test.each([
	[{DB_PASSWORD: 'one'}, ['one']],
	[
		{SECRET_KEY: 'one', INIT_PASSWORD: '', SORT_KEY: 'name', PLUGIN_DAEMON_KEY: '0123456789abcdef'},
		['one', '0123456789abcdef'],
	],
	[{REDISCLI_AUTH: 'one', api_token: 'two', S3_SECRET_KEY: 'three'}, ['one', 'two', 'three']],
	[{DATABASE_URL: 'postgres://u:p%40w@h/d'}, ['p%40w', 'p@w']],
	[{BROKER: 'redis://:one@redis:6379/1'}, ['one']],
	[{PWD: '/srv', PATH: '/bin', TOKEN_EXPIRE: '3600', POSTGRES_PASSWORD_FILE: '/run/secrets/x'}, []],
	[{URL: 'http://host:8080/@scope'}, []],
])('learns from %j', (environment, expected) => {
	expect(learnt(environment)).toEqual(expected);
});

test('learns from command lines', () => {
	expect(learnt({}, ['redis-server', '--requirepass', 'one', '--port', '1'])).toEqual(['one']);
	expect(learnt({}, ['tool', '--db-password=two', '--verbose'])).toEqual(['two']);
});

test('a password that equals a user name stays readable as the name', () => {
	const redactor = createRedactor();
	rememberSecrets(
		redactor,
		[
			['POSTGRES_USER', 'warehouse'],
			['POSTGRES_PASSWORD', 'warehouse'],
		],
		[],
		['shop'],
	);
	expect(redactor.redact('role "warehouse" does not exist')).toBe('role "warehouse" does not exist');
	expect(redactor.redact('password=warehouse')).not.toContain('warehouse');
});

test('each secret is told once', () => {
	let times = 0;
	const redactor = eachOnce({add: () => void times++, redact: text => text});
	for (let round = 0; round < 3; round++) redactor.add(new Secret('x'));
	redactor.add(new Secret('x'), {public: ['x']});
	expect(times).toBe(2);
});
