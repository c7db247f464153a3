import {describe, expect, test} from 'vitest';
import {parse} from 'yaml';
import {maskCompose} from '../../source/core/compose-mask.ts';
import type {Path, Raw} from '../../source/core/compose-service.ts';
import {rawAt, readService} from '../../source/core/compose-service.ts';
import {editService} from '../../source/core/compose-service-edit.ts';
import {lineDiff} from '../../source/core/line-diff.ts';

const file = `# the shop
x-small: &small
  mem_limit: 160m   # shared
x-deploy: &deploy
  replicas: 1
  resources: {limits: {memory: 1g, cpus: '2'}}
x-lone: &lone
  shm_size: 64m

services:
  db:
    image:   "postgres:15-alpine"   # do not touch
    <<: *small
    ports:
      - "5432:5432"   # published
      - target: 5432
        published: 15432
        mode: host

    # comment of the command
    command: postgres -c 'max_connections=100' -c 'shared_buffers=32MB'
    deploy: *deploy
  cache:
    <<: [*small, *lone]
    image: redis
    ports: ["6379:6379", '127.0.0.1:6380:6379']
  lone:
    deploy:
      resources:
        limits:
          memory: 512m
          cpus: '1'
    image: x
  web: {image: web, mem_limit: 64m, ports: ["80:80"]}
  copy: *web
  bare:
    image: bare
volumes: {}
`.replace('web: {', 'web: &web {');

const edit = (service: string, path: Path, was: Raw, to: Raw, text = file): string =>
	editService(text, service, {path, was, to});

/** Lines that differ, with their signs. */
const differs = (text: string): string[] =>
	lineDiff('f', file, text)
		.split('\n')
		.filter(line => /^[-+](?![-+]{2} )/.test(line));

describe('one value of a service changes and every other byte stays', () => {
	test.each<[string, string, Path, Raw, Raw, string[]]>([
		[
			'an item of a list',
			'db',
			['ports', 0],
			'5432:5432',
			'127.0.0.1:5432:5432',
			['-      - "5432:5432"   # published', '+      - "127.0.0.1:5432:5432"   # published'],
		],
		[
			'a key of an item in long syntax',
			'db',
			['ports', 1, 'published'],
			'15432',
			'15433',
			['-        published: 15432', '+        published: 15433'],
		],
		[
			'a new key of an item in long syntax',
			'db',
			['ports', 1, 'host_ip'],
			null,
			'127.0.0.1',
			['+        host_ip: 127.0.0.1'],
		],
		[
			'an item is taken out with its lines',
			'db',
			['ports', 1],
			{target: '5432', published: '15432', mode: 'host'},
			null,
			['-      - target: 5432', '-        published: 15432', '-        mode: host'],
		],
		[
			'a quoted image keeps its quotes, blanks and remark',
			'db',
			['image'],
			'postgres:15-alpine',
			'postgres:16-alpine',
			['-    image:   "postgres:15-alpine"   # do not touch', '+    image:   "postgres:16-alpine"   # do not touch'],
		],
		[
			'a value that others share gets a place of its own',
			'db',
			['mem_limit'],
			'160m',
			'640m',
			['+    mem_limit: 640m'],
		],
		[
			'a value from an anchor that nobody else uses is changed there',
			'cache',
			['shm_size'],
			'64m',
			'256m',
			['-  shm_size: 64m', '+  shm_size: 256m'],
		],
		[
			'deep inside, in block style',
			'lone',
			['deploy', 'resources', 'limits', 'memory'],
			'512m',
			'2g',
			['-          memory: 512m', '+          memory: 2g'],
		],
		['a limit that was not there', 'bare', ['mem_limit'], null, '1g', ['+    mem_limit: 1g']],
		[
			'a whole branch that was not there',
			'bare',
			['deploy', 'resources', 'limits', 'memory'],
			null,
			'1g',
			['+    deploy:', '+      resources:', '+        limits:', '+          memory: 1g'],
		],
		['a list that was not there', 'bare', ['tmpfs', 0], null, '/run', ['+    tmpfs:', '+      - /run']],
		[
			'in flow style',
			'cache',
			['ports', 1],
			'127.0.0.1:6380:6379',
			null,
			[`-    ports: ["6379:6379", '127.0.0.1:6380:6379']`, '+    ports: ["6379:6379"]'],
		],
		['a number stays a number', 'db', ['read_only'], null, 'true', ['+    read_only: true']],
		['an item is added behind the last', 'db', ['ports', 2], null, '1:1', ['+      - "1:1"']],
	])('%s', (_what, service, path, was, to, lines) => {
		for (const text of [file, file.replaceAll('\n', '\r\n')]) {
			const changed = edit(service, path, was, to, text);
			expect(differs(changed.replaceAll('\r\n', '\n'))).toEqual(lines);
			expect(rawAt(readService(changed, service), path)).toEqual(to);
			if (text.includes('\r')) expect(changed).not.toMatch(/(?<!\r)\n/);
			expect(edit(service, path, was, to, changed)).toBe(changed);
			const before = parse(text, {merge: true});
			const after = parse(changed, {merge: true});
			for (const other of Object.keys(before.services).filter(name => name !== service))
				expect(after.services[other]).toEqual(before.services[other]);
		}
	});

	test('a list that is left empty goes as a whole', () => {
		const changed = edit('web', ['mem_limit'], '64m', null, file.replace('copy: *web', 'copy: {image: c}'));
		expect(changed).toContain('web: &web {image: web, ports: ["80:80"]}');
		expect(readService(edit('web', ['ports', 0], '80:80', null, changed), 'web')).toEqual({image: 'web'});
	});

	test('what is inside an alias that others use is spelt out for this service', () => {
		const shared = file.replace(
			"deploy:\n      resources:\n        limits:\n          memory: 512m\n          cpus: '1'",
			'deploy: *deploy',
		);
		const changed = edit('db', ['deploy', 'resources', 'limits', 'memory'], '1g', '2g', shared);
		expect(readService(changed, 'db')).toMatchObject({
			deploy: {replicas: '1', resources: {limits: {memory: '2g', cpus: '2'}}},
		});
		expect(readService(changed, 'lone')).toEqual(readService(shared, 'lone'));
	});

	test('a service that is an alias gets its own value over the shared ones', () => {
		const changed = edit('copy', ['mem_limit'], '64m', '1g');
		expect(readService(changed, 'copy')).toMatchObject({image: 'web', mem_limit: '1g'});
		expect(readService(changed, 'web')).toMatchObject({mem_limit: '64m'});
	});

	test.each<[string, string, string, Path, Raw, Raw]>([
		['something else stands there', file, 'db', ['ports', 0], '1:1', '2:2'],
		['others would change with it', file, 'web', ['mem_limit'], '64m', '1g'],
		['the service is not there', file, 'nobody', ['image'], null, 'x'],
		['the file is no YAML', 'services: [', 'db', ['image'], null, 'x'],
		['nothing would be left', 'services:\n  db:\n    image: x\n', 'db', ['image'], 'x', null],
		[
			'a tag of Compose says what to do with the list',
			'services:\n  db:\n    ports: !reset []\n',
			'db',
			['ports', 0],
			null,
			'1:1',
		],
	])('it refuses when %s', (_what, text, service, path, was, to) => {
		expect(() => edit(service, path, was, to, text)).toThrow();
	});
});

describe('a masked file', () => {
	const secret = `services:
  db:
    image: "postgres:15"   # was hunter2
    environment: {POSTGRES_PASSWORD: hunter2, PM2_INSTANCES: "4"}
    entrypoint: |
      sh -c hunter2
      exec hunter2
    labels:
      - hunter2=1
    healthcheck:
      test: "a
        hunter2"
    command: redis --requirepass hunter2
    mem_limit: 1g
    # hunter2
  web:
    environment:
      - PASSWORD=hunter2
      - PM2_INSTANCES=3
`;

	test('keeps structure, lines, limits and images, and nothing else', () => {
		const masked = maskCompose(secret, text => text.replaceAll('hunter2', '[hidden]'));
		expect(masked).not.toContain('hunter2');
		expect(masked.split('\n')).toHaveLength(secret.split('\n').length);
		expect(readService(masked, 'db')).toMatchObject({
			image: 'postgres:15',
			mem_limit: '1g',
			command: 'redis --requirepass [hidden]',
			environment: {POSTGRES_PASSWORD: '•••', PM2_INSTANCES: '4'},
		});
		expect(readService(masked, 'web')).toMatchObject({environment: ['•••', 'PM2_INSTANCES=3']});
	});

	test('a change of the masked file shows the same lines as one of the file', () => {
		const same = (text: string): string => text.replaceAll('hunter2', '[hidden]');
		const change = {path: ['mem_limit'], was: '1g', to: '2g'};
		const masked = maskCompose(secret, same);
		expect(lineDiff('f', masked, editService(masked, 'db', change))).toBe(
			lineDiff('f', masked, maskCompose(editService(secret, 'db', change), same)),
		);
	});
});
