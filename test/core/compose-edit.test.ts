import {describe, expect, test} from 'vitest';
import {parse} from 'yaml';
import {readServiceVariable, setServiceVariable} from '../../source/core/compose-edit.ts';

const map = `# Dify
x-shared: &shared
  DB_PASSWORD: \${DB_PASSWORD:-difyai123456}  # keep in step
  DB_HOST: db

services:
  api:
    image: app
    environment:
      # the mode
      MODE: api
      <<: *shared
  worker:
    image:   app    # odd blanks
    environment: *shared
  web: {image: web, environment: {A: "1"}}
  list:
    environment:
      - "MODE=list"
      - DB_PASSWORD=old   # why
      - PASSED
  bare:
    image: bare
volumes: {}
`;

const nasty = [
	'plain',
	'5433',
	'true',
	'',
	'a: b',
	'a #b',
	'#a',
	"it's",
	'"q"',
	'back\\slash',
	'${DB_PASSWORD}',
	'a$$b',
	'*x',
	'&x',
	'- x',
	'@x',
	'%x',
	' lead',
	'trail ',
	'é漢🔑',
	'a\nb',
	'{a}',
	'[b]',
	'!tag',
	'| x',
	'null',
	'~',
	'0x10',
	'1e3',
	`both ' and "`,
];

describe('what is written is what is read, and everything else stays', () => {
	test.each(['api', 'worker', 'web', 'list', 'bare'])('in %s', service => {
		for (const value of nasty) {
			const changed = setServiceVariable(map, service, 'DB_PASSWORD', value);
			expect(readServiceVariable(changed, service, 'DB_PASSWORD'), value).toBe(value);
			const before = parse(map, {merge: true});
			const after = parse(changed, {merge: true});
			for (const other of ['api', 'worker', 'web', 'list', 'bare'].filter(name => name !== service))
				expect(after.services[other]).toEqual(before.services[other]);
			expect(after['x-shared']).toEqual(before['x-shared']);
			for (const comment of ['# Dify', '# keep in step', '# the mode', '# odd blanks', '# why'])
				expect(changed).toContain(comment);
			expect(setServiceVariable(changed, service, 'DB_PASSWORD', value)).toBe(changed);
		}
	});
});

test('one service gets its own value over what it shares', () => {
	expect(setServiceVariable(map, 'api', 'DB_HOST', 'db_postgres')).toBe(
		map
			.replace('      MODE: api\n', '      DB_HOST: db_postgres\n      MODE: api\n')
			.replace('      # the mode\n      DB_HOST: db_postgres\n', '      # the mode\n      DB_HOST: db_postgres\n'),
	);
	expect(setServiceVariable(map, 'worker', 'DB_HOST', 'x')).toContain(
		'    environment: \n      <<: *shared\n      DB_HOST: x\n',
	);
});

test('or the shared definition is changed where it stands', () => {
	const changed = setServiceVariable(map, 'api', 'DB_HOST', 'db_postgres', 'definition');
	expect(changed).toBe(map.replace('  DB_HOST: db\n', '  DB_HOST: db_postgres\n'));
	expect(parse(changed, {merge: true}).services.worker.environment.DB_HOST).toBe('db_postgres');
});

test('a list keeps its form, and a passed-through name becomes a value', () => {
	expect(setServiceVariable(map, 'list', 'DB_PASSWORD', 'new')).toBe(
		map.replace('- DB_PASSWORD=old   # why', '- DB_PASSWORD=new   # why'),
	);
	expect(setServiceVariable(map, 'list', 'PASSED', 'x')).toContain('      - PASSED=x\n');
	expect(setServiceVariable(map, 'list', 'OTHER', 'x')).toContain(
		'    environment:\n      - OTHER=x\n      - "MODE=list"\n',
	);
});

test('values without a value, quoted values, Windows line ends', () => {
	const text = 'services:\r\n  a:\r\n    environment:\r\n      ONE:\r\n      TWO: "x"\r\n      THREE: \'y\'\r\n';
	expect(setServiceVariable(text, 'a', 'ONE', '1')).toContain('ONE: "1"\r\n');
	expect(setServiceVariable(text, 'a', 'TWO', 'z')).toContain('TWO: "z"\r\n');
	expect(setServiceVariable(text, 'a', 'THREE', "it's")).toContain("THREE: 'it''s'\r\n");
	expect(setServiceVariable(text, 'a', 'FOUR', 'z')).toContain('      FOUR: z\r\n      ONE:\r\n');
});

test('what can not be done says so', () => {
	expect(() => setServiceVariable('a: [', 'x', 'Y', 'z')).toThrow('not YAML');
	expect(() => setServiceVariable(map, 'nobody', 'Y', 'z')).toThrow('no place');
});
