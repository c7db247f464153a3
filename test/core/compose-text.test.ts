import {expect, test} from 'vitest';
import {parseEnv} from '../../source/core/compose-dotenv.ts';
import {mergeCompose} from '../../source/core/compose-merge.ts';
import {parseCompose} from '../../source/core/compose-text.ts';
import {variableOrigins, variableUses} from '../../source/core/compose-uses.ts';

const dify = `
name: \${COMPOSE_NAME:-dify}
x-shared: &shared
  DB_PASSWORD: \${DB_PASSWORD:-difyai123456}
  DB_HOST: db
  PORT: 5432
services:
  db:
    image: postgres:\${TAG}
    environment:
      - POSTGRES_PASSWORD=\${DB_PASSWORD}
      - PASSED_ON
    volumes:
      - ./data:/var/lib/postgresql/data
      - {type: volume, source: x, target: /other}
  api:
    image: api
    environment:
      <<: *shared
      DB_HOST: elsewhere
      URL: postgres://u:\${DB_PASSWORD}@db/d
      NEEDED: \${NEEDED:?say it}
      NESTED: \${NOT_SET:-\${DB_PASSWORD}}
    depends_on:
      db: {condition: service_healthy}
    command: run --key \${MISSING}
    env_file:
      - extra.env
      - {path: maybe.env, required: false}
  vector:
    image: pgvector
    profiles: [pgvector]
    deploy: {replicas: 0}
    depends_on: [db]
`;
const file = parseCompose('/srv/compose.yaml', dify);
const services = mergeCompose([file]);
const service = (name: string) => {
	const found = services.get(name);
	if (!found) throw new Error(name);
	return found;
};
const lookup = (name: string): string | undefined => ({DB_PASSWORD: 'x', TAG: '15'})[name];

test('reads lists, mappings, anchors and merge keys with their lines', () => {
	expect(file.problem).toBeNull();
	expect(file.name).toBe('${COMPOSE_NAME:-dify}');
	const {environment} = service('api');
	expect(environment.get('DB_PASSWORD')).toEqual({
		text: '${DB_PASSWORD:-difyai123456}',
		line: 4,
		file: '/srv/compose.yaml',
	});
	expect(environment.get('DB_HOST')?.text).toBe('elsewhere');
	expect(environment.get('PORT')?.text).toBe('5432');
	expect(service('db').environment.get('PASSED_ON')?.text).toBeNull();
	expect(service('db').mountedAt).toEqual(['/var/lib/postgresql/data', '/other']);
	expect(service('api').dependsOn).toEqual(['db']);
	expect(service('vector')).toMatchObject({profiles: ['pgvector'], replicas: 0, dependsOn: ['db']});
	expect(service('api').envFiles.map(({path, required}) => [path.text, required])).toEqual([
		['extra.env', true],
		['maybe.env', false],
	]);
});

test('tells which variables a service refers to, and whether anything defines them', () => {
	const uses = variableUses(service('api'), lookup);
	expect(uses.map(({key, name, hasDefault, required, defined}) => [key, name, hasDefault, required, defined])).toEqual([
		['URL', 'DB_PASSWORD', false, false, true],
		['NEEDED', 'NEEDED', false, true, false],
		['NESTED', 'NOT_SET', true, false, false],
		['NESTED', 'DB_PASSWORD', false, false, true],
		['DB_PASSWORD', 'DB_PASSWORD', true, false, true],
		['command', 'MISSING', false, false, false],
	]);
	expect(variableUses(service('db'), lookup).map(({key}) => key)).toEqual(['POSTGRES_PASSWORD', 'image']);
});

test('tells where each variable of a container comes from', () => {
	const extra = {
		path: '/srv/extra.env',
		text: parseEnv(Buffer.from('FROM_FILE=1\nMIXED=a$DB_PASSWORD\nDB_HOST=file\n')),
	};
	const own = {path: '/srv/.env', text: parseEnv(Buffer.from('OWN=1\n'))};
	const origins = variableOrigins(service('api'), [own, extra], ['/srv/.env'], lookup);
	const of = (variable: string) => {
		const found = origins.find(origin => origin.variable === variable);
		return found && [found.names.join(), found.whole, found.literal, found.file, found.line];
	};
	expect(of('DB_PASSWORD')).toEqual(['DB_PASSWORD', true, false, '/srv/compose.yaml', 4]);
	expect(of('URL')).toEqual(['DB_PASSWORD', false, false, '/srv/compose.yaml', 21]);
	expect(of('NESTED')).toEqual(['DB_PASSWORD', true, false, '/srv/compose.yaml', 23]);
	expect(of('DB_HOST')).toEqual(['', false, true, '/srv/compose.yaml', 20]);
	expect(of('FROM_FILE')).toEqual(['', false, true, '/srv/extra.env', 1]);
	expect(of('MIXED')).toEqual(['DB_PASSWORD', false, false, '/srv/extra.env', 2]);
	expect(of('OWN')).toEqual(['OWN', true, false, '/srv/.env', 1]);
});

test('a later file wins, and extends takes from the other service', () => {
	const base = parseCompose(
		'a.yaml',
		'services:\n  api:\n    image: one\n    command: run $OLD\n    ports: ["$P1"]\n    environment: {A: "1", B: "2"}\n',
	);
	const top = parseCompose(
		'b.yaml',
		'services:\n  api:\n    command: run $NEW\n    ports: ["$P2"]\n    environment: ["B=3"]\n  worker:\n    extends: {service: api}\n    environment: {A: "9"}\n  far:\n    extends: {service: base, file: other.yaml}\n',
	);
	const other = parseCompose('other.yaml', 'services:\n  base:\n    image: far\n    environment: {F: $FAR}\n');
	const merged = mergeCompose([base, top], new Map([['other.yaml', other]]));
	const api = merged.get('api');
	expect(api?.image?.text).toBe('one');
	expect(api?.others.map(({value}) => value.text)).toEqual(['one', '$P1', 'run $NEW', '$P2']);
	expect([...(api?.environment ?? [])].map(([name, {text, file: from}]) => [name, text, from])).toEqual([
		['A', '1', 'a.yaml'],
		['B', '3', 'b.yaml'],
	]);
	expect(merged.get('worker')).toMatchObject({name: 'worker', image: {text: 'one'}});
	expect(merged.get('worker')?.environment.get('A')?.text).toBe('9');
	expect(merged.get('worker')?.environment.get('B')?.text).toBe('3');
	expect(merged.get('far')?.environment.get('F')?.text).toBe('$FAR');
});

test('what is no YAML is a problem with its line, and never quotes the file', () => {
	expect(parseCompose('x', 'services:\n  db:\n\timage: "s3cret\n').problem).toMatch(/^line \d+: /);
	expect(parseCompose('x', 'services:\n  db:\n\timage: "s3cret\n').problem).not.toContain('s3cret');
	expect(parseCompose('x', '- a\n- b\n').problem).toBe('line 1: not a mapping');
	expect(parseCompose('x', '').problem).toBeNull();
	expect(parseCompose('x', 'services: {a: *nowhere}').problem).not.toBeNull();
});
