import {describe, expect, test} from 'vitest';
import {createRedactor, mask} from '../../source/core/redact.ts';
import {Secret} from '../../source/core/secret.ts';

/** A small seeded generator: every run tests the same corpus. */
function random(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state * 1664525 + 1013904223) % 4294967296;
		return state / 4294967296;
	};
}
const alphabets = {
	letters: 'ABCDEFGHJKMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789',
	signs: 'ABCDEFGHJKabcdefgh23456789@:/?#%&=+$!*()[]{};,.<>|^~"\'`\\ _-',
	chinese: '数据库密码口令服务器abc123',
};
const make = (next: () => number, alphabet: string, length: number): string =>
	Array.from({length}, () => alphabet[Math.floor(next() * alphabet.length)]).join('');

const known = ((next: () => number): string[] => [
	...Array.from({length: 20}, () => make(next, alphabets.letters, 8 + Math.floor(next() * 24))),
	...Array.from({length: 20}, () => `Q${make(next, alphabets.signs, 8 + Math.floor(next() * 16))}z`),
	...Array.from({length: 6}, () => `密${make(next, alphabets.chinese, 9)}`),
	'difyai123456',
	'correct horse battery staple',
	'p@ss/w:rd#1?x=%41',
	'pa$word$${X}',
	'"quoted-secret"',
	'trailing-cr\r',
	'  outer blanks  ',
	'tabs\tand\u200bzero\u202ewidth',
	'Zoë-ñandú-пароль',
])(random(42));

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Ways a known value turns up that have no key in front. */
const bare: Record<string, (secret: string) => string> = {
	prose: s => `the value was ${s} at that time`,
	url: s => `connect postgres://app:${encodeURIComponent(s)}@db:5432/dify?sslmode=disable failed`,
	'raw url': s => `could not parse "postgresql://app:${s}@db/dify"`,
	'json string': s => JSON.stringify({note: [s]}),
	'json in json': s => JSON.stringify({message: JSON.stringify({note: s})}),
	'ascii json': s =>
		JSON.stringify({note: s}).replace(/[^\x00-\x7f]/g, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`),
	'go json': s => JSON.stringify({note: s}).replace(/[<>&]/g, c => `\\u00${c.charCodeAt(0).toString(16)}`),
	'sql literal': s => `syntax error at or near '${s.replaceAll("'", "''")}'`,
	shell: s => `sh -c 'run ${s.replaceAll("'", "'\\''")}'`,
	base64: s => `data: ${base64(s)}`,
	'base64 in front of more': s => `data ${base64(`${s}:x`)}`,
	'base64 after more': s => `data ${base64(`app:${s}`)} ${base64(`ap:${s}`)}`,
	'base64 url': s => Buffer.from(`user:${s}`).toString('base64url'),
	hex: s => Buffer.from(s).toString('hex'),
	html: s =>
		`<td>${s.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;').replace(/'/g, '&#39;')}</td>`,
	'compose config': s => `  - X=${s.replaceAll('$', '$$$$')}`,
	argv: s => `"Cmd": ["redis-server", ${JSON.stringify(s)}]`,
	'twice on a line': s => `${s} and ${s}`,
};

/** Everything that would give a known value away. */
const traces = (secret: string): string[] => [
	secret,
	secret.trim(),
	encodeURIComponent(secret),
	JSON.stringify(secret).slice(1, -1),
	base64(secret).replace(/=+$/, '').slice(0, -1),
	Buffer.from(secret).toString('hex'),
];

describe('known secrets', () => {
	const redactor = createRedactor();
	for (const secret of known) redactor.add(new Secret(secret));

	test.each(Object.entries(bare))('%s', (_, carry) => {
		for (const secret of known) {
			const redacted = redactor.redact(carry(secret));
			for (const trace of traces(secret)) expect(redacted, JSON.stringify({secret, redacted})).not.toContain(trace);
			expect(redacted).toContain(mask);
		}
	});

	test('the corpus is as large as it claims', () => {
		expect(known.length * Object.keys(bare).length).toBeGreaterThan(900);
	});

	test('redacting twice changes nothing', () => {
		for (const carry of Object.values(bare))
			for (const secret of known) {
				const once = redactor.redact(carry(secret));
				expect(redactor.redact(once)).toBe(once);
			}
	});

	test('a secret inside a longer one leaves no rest', () => {
		const nested = createRedactor();
		nested.add(new Secret('winter-is'));
		nested.add(new Secret('the-winter-is-cold-here'));
		expect(nested.redact('x the-winter-is-cold-here y winter-is z')).toBe(`x ${mask} y ${mask} z`);
	});

	test('the pieces that drivers quote out of an unescaped URL', () => {
		const url = createRedactor();
		url.add(new Secret('wo@ght/ri%zzd'));
		for (const line of [
			'could not translate host name "ght@127.0.0.1" to address: Name or service not known',
			'psql: error: invalid integer value "ri%zzd@db" for connection option "port"',
			'cannot parse `postgres://app:xxxxx@db`: failed to parse as URL (parse "x": invalid port ":ri%zzd" after host)',
			'invalid percent-encoded token: "ri%zzd"',
			"ValueError: invalid literal for int() with base 10: 'ri%zzd@db:5432'",
		]) {
			expect(url.redact(line)).not.toMatch(/ght@|ri%zzd/);
		}
	});
});

/** Secrets nobody has named: told by what stands around them or by their form. */
const unknown: Record<string, (secret: string) => string> = {
	env: s => `POSTGRES_PASSWORD=${s}`,
	'env with export': s => `export REDIS_PASSWORD=${s}`,
	'env in a command': s => `PGPASSWORD=${s} psql -h db`,
	'docker run': s => `docker run -e DB_PASSWORD=${s} -d postgres`,
	'inspect env': s => `"Env": ["PATH=/usr/bin", "SECRET_KEY=${s}", "TZ=UTC"]`,
	'go slice': s => `[PATH=/usr DB_PASSWORD=${s} TZ=UTC]`,
	json: s => `{"user":"app","password":"${s}","host":"db"}`,
	'json with blanks': s => `  "db_password" : "${s}",`,
	'json escaped': s => `{"msg":"{\\"password\\":\\"${s}\\",\\"x\\":1}"}`,
	'camel case json': s => `{"apiKey":"${s}","accessToken": "${s}"}`,
	yaml: s => `    POSTGRES_PASSWORD: ${s}`,
	'yaml quoted': s => `  password: "${s}"`,
	'yaml list': s => `      - REDIS_PASSWORD=${s}`,
	'yaml default': s => `      DB_PASSWORD: \${DB_PASSWORD:-${s}}`,
	'python dict': s => `{'user': 'app', 'password': '${s}'}`,
	'python kwargs': s => `psycopg2.connect(host='db', password='${s}', port=5432)`,
	'python bytes': s => `password=b'${s}'`,
	'sqlalchemy url': s => `sqlalchemy.exc.OperationalError: postgresql+psycopg2://app:${s}@db:5432/dify`,
	'go struct': s => `&{Host:db Port:5432 User:app Password:${s} SSLMode:disable}`,
	'ruby hash': s => `{:host=>"db", :password=>"${s}"}`,
	'node error': s => `  password: '${s}',`,
	'libpq conninfo': s => `"host=db port=5432 user=app password=${s} dbname=dify"`,
	'quoted conninfo': s => `host=db password='${s}' user=app`,
	'ini file': s => `password = ${s}`,
	properties: s => `spring.datasource.password=${s}`,
	'connection string': s => `Server=db;User Id=app;Password=${s};Database=dify;`,
	jdbc: s => `jdbc:postgresql://db/dify?user=app&password=${s}&ssl=false`,
	'redis url': s => `redis://:${s}@redis:6379/1`,
	'amqp url': s => `amqp://guest:${s}@mq`,
	'proxy url': s => `HTTP_PROXY=http://me:${s}@proxy:3128`,
	'argv flag': s => `app --db-password ${s} --port 80`,
	'argv equals': s => `app --password=${s} --port 80`,
	'argv list': s => `["app","--password","${s}","--port","80"]`,
	'redis config': s => `requirepass ${s}`,
	'redis argv': s => `redis-server --requirepass ${s} --port 6379`,
	'redis monitor': s => `1700000000.1 [0 172.18.0.3:41] "AUTH" "default" "${s}"`,
	'redis cli': s => `redis-cli -h redis -a ${s} ping`,
	mysql: s => `mysqldump -u root -p${s} app`,
	sshpass: s => `sshpass -p ${s} ssh host`,
	curl: s => `curl -s -u app:${s} http://api`,
	'alter role': s => `STATEMENT:  ALTER ROLE app WITH PASSWORD '${s}'`,
	'create user': s => `CREATE USER app ENCRYPTED PASSWORD '${s}' VALID UNTIL 'infinity'`,
	'dollar quoted': s => `ALTER ROLE app PASSWORD $x$${s}$x$`,
	pgpass: s => `db:5432:dify:app:${s}`,
	bearer: s => `Authorization: Bearer ${s}`,
	'bearer json': s => `{"authorization":"Bearer ${s}"}`,
	basic: s => `authorization: Basic ${base64(`app:${s}`)} ${''}`,
	'api key header': s => `X-Api-Key: ${s}`,
	cookie: s => `Set-Cookie: session=${s}; Path=/; HttpOnly`,
	'signed url': s => `GET /files/1?timestamp=1&sign=1&X-Amz-Signature=${s}&x=1`,
	'url token': s => `wss://host/ws?token=${s}`,
	xml: s => `<db:password>${s}</db:password>`,
	chinese: s => `数据库密码：${s}`,
};

describe('secrets nobody has named, by their place', () => {
	const {redact} = createRedactor();
	const next = random(7);
	const values = Array.from(
		{length: 12},
		() => `${make(next, alphabets.letters, 10)}!${make(next, alphabets.letters, 6)}`,
	);

	test.each(Object.entries(unknown))('%s', (_, carry) => {
		for (const value of values) {
			const redacted = redact(carry(value));
			expect(redacted).not.toContain(value);
			expect(redacted).not.toContain(value.slice(0, 10));
			expect(redacted).not.toContain(base64(value).slice(4, 16));
			expect(redacted).toContain(mask);
			expect(redact(redacted)).toBe(redacted);
		}
	});

	test('the text around it stays', () => {
		expect(redact('host=db port=5432 user=app password=hunter2 dbname=dify')).toBe(
			`host=db port=5432 user=app password=${mask} dbname=dify`,
		);
		expect(redact('postgres://app:hunter2@db:5432/dify')).toBe(`postgres://app:${mask}@db:5432/dify`);
		expect(redact('{"user":"app","password":"hunter2","host":"db"}')).toBe(
			`{"user":"app","password":"${mask}","host":"db"}`,
		);
		expect(redact("ALTER ROLE app PASSWORD 'x' LOGIN")).toBe(`ALTER ROLE app PASSWORD '${mask}' LOGIN`);
	});

	test('an unescaped @ or / in a URL does not uncover the rest', () => {
		expect(redact('postgres://app:pa@ss/wo#rd@db:5432/dify')).toBe(`postgres://app:${mask}@db:5432/dify`);
	});
});

describe('secrets by their form', () => {
	const {redact} = createRedactor();
	const key = Array.from({length: 4}, (_, n) => base64(make(random(n), alphabets.letters, 48))).join('\n');

	test.each([
		[
			'a verifier',
			'rolpassword | SCRAM-SHA-256$4096:c2FsdHNhbHRzYWx0$bm90YXJlYWxzdG9yZWRrZXlub3RhcmVhbHN0b3I=:bm90YXJlYWxzZXJ2ZXJrZXlub3RhcmVhbHNlcnY=',
			/c2Fsd|bm90/,
		],
		['an md5 verifier', 'app | md5a3556571e93b0d20722ba62be61e8c2d', /a3556571/],
		['a private key', `-----BEGIN RSA PRIVATE KEY-----\n${key}\n-----END RSA PRIVATE KEY-----`, /[A-Za-z0-9+/]{40}/],
		[
			'a private key on one line',
			`"key":"-----BEGIN OPENSSH PRIVATE KEY-----\\n${key.replaceAll('\n', '\\n')}\\n-----END"`,
			/[A-Za-z0-9+/]{40}/,
		],
		['a private key without an end', `-----BEGIN PRIVATE KEY-----\n${key}`, /[A-Za-z0-9+/]{40}/],
		['one line of a key', key.split('\n')[0] ?? '', /[A-Za-z0-9+/]{40}/],
		['a bcrypt hash', '$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW', /R9h/],
		['a JWT', 'sub eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlc2lnbmF0dXJl end', /eyJ/],
		['an AWS key', 'AKIAIOSFODNN7EXAMPLE', /AKIA/],
		['AWS credentials', 'aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', /wJalr/],
		['a GitHub token', 'remote: https://ghp_abcdefghijklmnopqrstuvwxyz0123456789@github.com', /ghp_a/],
		['a GitLab token', 'glpat-abcdefghij0123456789', /abcdef/],
		['a Slack token', ['xoxb', '123456789012', 'abcdefghijkl'].join('-'), /123456/],
		['an OpenAI key', 'Incorrect API key provided: sk-proj-abcdefghijklmnopqrstuvwx', /abcdef/],
		['a Dify key', 'Bearer app-abcdefghijklmnopqrstuvwx', /abcdef/],
		['a Google key', `AIza${'a1B2c3D4e5'.repeat(3)}abcde`, /a1B2/],
		['a Hugging Face token', 'hf_abcdefghijklmnopqrstuvwxyzABCDEFGH', /abcdef/],
		['a Stripe key', ['sk', 'live', 'abcdefghijklmnopqrstuvwx'].join('_'), /abcdef/],
	])('%s', (_, text, leak) => {
		const redacted = redact(text);
		expect(redacted).not.toMatch(leak);
		expect(redacted).toContain(mask);
		expect(redact(redacted)).toBe(redacted);
	});
});

describe('a password that is an ordinary word', () => {
	const redactor = createRedactor();
	redactor.add(new Secret('postgres'), {public: ['postgres', 'dify', 'db']});
	redactor.add(new Secret('Shop'), {public: ['shop', 'shop-db']});
	redactor.add(new Secret('5432'));
	redactor.add(new Secret('abc'));

	test('is hidden where a password stands', () => {
		expect(redactor.redact('postgres://postgres:postgres@db/postgres')).toBe(`postgres://postgres:${mask}@db/postgres`);
		expect(redactor.redact('PGUSER=postgres PGPASSWORD=postgres')).toBe(`PGUSER=postgres PGPASSWORD=${mask}`);
		expect(redactor.redact('{"user":"postgres","password":"postgres"}')).toBe(
			`{"user":"postgres","password":"${mask}"}`,
		);
	});

	test('and is readable everywhere else', () => {
		for (const line of [
			'FATAL:  password authentication failed for user "postgres"',
			'the shop database listens on port 5432',
			'abc, abcd and xabc',
			'image postgres:15-alpine, container shop-db-1',
		])
			expect(redactor.redact(line)).toBe(line);
	});

	test('a short one is hidden as a word of its own', () => {
		const short = createRedactor();
		short.add(new Secret('k9x2'));
		expect(short.redact('got "k9x2", not ak9x2b')).toBe(`got "${mask}", not ak9x2b`);
	});
});

describe('a clean text stays as it is', () => {
	const redactor = createRedactor();
	for (const secret of known) redactor.add(new Secret(secret));

	test.each([
		'FATAL:  password authentication failed for user "app"',
		'DETAIL:  Connection matched pg_hba.conf line 100: "host all all all scram-sha-256"',
		'DETAIL:  Role "ghost" does not exist.',
		'DETAIL:  User "md5u" does not have a valid SCRAM secret.',
		'DETAIL:  User "nopw" has no password assigned.',
		'FATAL:  no pg_hba.conf entry for host "172.18.0.1", user "app", database "appdb", no encryption',
		'fe_sendauth: no password supplied',
		'SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string',
		'Error: Database is uninitialized and superuser password is not specified.',
		'       You must specify POSTGRES_PASSWORD to a non-empty value for the',
		'psycopg2.OperationalError: connection to server at "db" (172.18.0.3), port 5432 failed: FATAL:  the database system is starting up',
		'(Background on this error at: https://sqlalche.me/e/20/e3q8)',
		'could not translate host name "db_postgres" to address: Name or service not known',
		'dial tcp: lookup db on 127.0.0.11:53: no such host',
		'LOG:  listening on IPv4 address "0.0.0.0", port 5432',
		'LOG:  starting PostgreSQL 15.13 on x86_64-pc-linux-musl, compiled by gcc (Alpine 14.2.0) 14.2.0, 64-bit',
		'password_encryption = scram-sha-256',
		'password_encryption=md5',
		'POSTGRES_PASSWORD_FILE=/run/secrets/db_password',
		'POSTGRES_HOST_AUTH_METHOD=scram-sha-256',
		'PWD=/app OLDPWD=/',
		'PASSWORD=${DB_PASSWORD}',
		'POSTGRES_PASSWORD: ${POSTGRES_PASSWORD}',
		'{"password": null, "has_password": true, "token": ""}',
		'max_tokens=4096 total_tokens: 12 token_count=5',
		'SyntaxError: Unexpected token < in JSON at position 0',
		'ERROR:  duplicate key value violates unique constraint "users_pkey"',
		'DETAIL:  Key (id)=(1) already exists.',
		'172.18.0.1 - - [21/Nov/2026:10:45:19 +0000] "GET /console/api/setup HTTP/1.1" 502 157 "-" "curl/8.5.0"',
		'connect() failed (111: Connection refused) while connecting to upstream, client: 172.18.0.1, server: _, upstream: "http://172.18.0.5:5001/"',
		'http://localhost:8080/@scope/package and git@github.com:owner/name.git',
		'image sha256:4c2f4d1b2b5a6b0d5a1c7f5d0c9d3e8f4c2f4d1b2b5a6b0d5a1c7f5d0c9d3e8f',
		'4c2f4d1b2b5a6b0d5a1c7f5d0c9d3e8f4c2f4d1b2b5a6b0d5a1c7f5d0c9d3e8f',
		'# Connecting to redis:6379, WRONGPASS invalid username-password pair or user is disabled.',
		'NOAUTH Authentication required.',
		'--- PASS: TestOpen (0.00s)',
		'File "/app/models/account.py", line 33, in check_password',
		'请输入数据库密码，然后重试',
		'Enter password: ',
		'use --password to set it',
		'172.18.0.1:5432:5432 fe80:0:0:0:1 10:45:19',
		'docker compose exec db psql -U app -d dify -h 127.0.0.1 -p 5432',
		'secrets:\n  db_password:\n    file: ./db_password.txt',
		'services:\n  db:\n    image: postgres:15-alpine\n    ports:\n      - "127.0.0.1:5432:5432"',
	])('%s', line => {
		expect(redactor.redact(line)).toBe(line);
	});
});

test.each([
	['word characters', 'a'.repeat(1_000_000)],
	['user parts of URLs', '://a:'.repeat(200_000)],
	['keys', 'password'.repeat(120_000)],
	['keys with signs', 'password="'.repeat(100_000)],
	['keys with colons', 'token:'.repeat(160_000)],
	['private keys', '-----BEGIN PRIVATE KEY-----'.repeat(37_000)],
	['quotes', '"\\"'.repeat(330_000)],
	['base64', 'A1b/'.repeat(250_000)],
	['dots and blanks', 'pass . = '.repeat(110_000)],
	['a command', 'redis-cli '.repeat(100_000)],
])('a megabyte of %s is redacted in a bounded time', (_, line) => {
	const redactor = createRedactor();
	for (const secret of known) redactor.add(new Secret(secret));
	const started = performance.now();
	redactor.redact(line);
	expect(performance.now() - started).toBeLessThan(6000);
});

test('a secret never shows in the redactor itself', () => {
	const redactor = createRedactor();
	redactor.add(new Secret('visible-or-not'));
	expect(JSON.stringify(redactor)).not.toContain('visible');
});
