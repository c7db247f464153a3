import {describe, expect, test} from 'vitest';
import {mountIndex, setServiceMount} from '../../source/core/compose-mount.ts';

const at = '/var/lib/postgresql/data';
const change = {service: 'db', at, source: 'shop_pg-18', destination: '/var/lib/postgresql', external: true};

const short = `# the shop
services:
  db:
    image: postgres:18 # raised
    volumes:
      - ./init:/docker-entrypoint-initdb.d:ro
      - pgdata:/var/lib/postgresql/data   # here it lies
  app:
    image: node
    volumes: ['pgdata:/var/lib/postgresql/data:ro']
volumes:
  # ours
  pgdata:
`;

test('a mount in short spelling is replaced, the volume declared, and no other byte changed', () => {
	expect(setServiceMount(short, change)).toBe(
		short
			.replace('- pgdata:/var/lib/postgresql/data ', '- shop_pg-18:/var/lib/postgresql ')
			.replace('  pgdata:\n', '  shop_pg-18:\n    external: true\n  pgdata:\n'),
	);
});

test('the mode stays, also in one line', () => {
	const changed = setServiceMount(short, {...change, service: 'app'});
	expect(changed).toContain('volumes: [shop_pg-18:/var/lib/postgresql:ro]');
});

test('long spelling, a bind mount, and no `volumes` at the end', () => {
	const long = `services:\n  db:\n    volumes:\n      - type: bind\n        source: ./data\n        target: ${at}/\n`;
	expect(setServiceMount(long, {...change, source: './data-18', external: false})).toBe(
		long.replace('./data', './data-18').replace(`${at}/`, '/var/lib/postgresql'),
	);
	expect(setServiceMount(long, change)).toBe(
		`${long.replace('bind', 'volume').replace('./data', 'shop_pg-18').replace(`${at}/`, '/var/lib/postgresql')}volumes:\n  shop_pg-18:\n    external: true\n`,
	);
});

test('a path with a default of its own is told by its target', () => {
	const file = `services:\n  db:\n    volumes:\n      - \${DATA:-./volumes/db}:${at}\n`;
	expect(setServiceMount(file, {...change, source: './volumes/db-18', external: false})).toContain(
		'- ./volumes/db-18:/var/lib/postgresql\n',
	);
});

test('a volume that is declared already is not declared again', () => {
	const file = short.replace('  pgdata:\n', '  pgdata:\n  shop_pg-18:\n    external: true\n');
	expect(setServiceMount(file, change).match(/external/g)).toHaveLength(1);
});

test('Windows line ends stay', () => {
	const changed = setServiceMount(short.replaceAll('\n', '\r\n'), change);
	expect(changed.replaceAll('\r\n', '')).not.toContain('\n');
});

describe('refused, where it can not be changed safely', () => {
	const cases = {
		'another path': short.replaceAll(at, '/data'),
		'a list that services share': `x-v: &v\n  - pg:${at}\nservices:\n  db:\n    volumes: *v\n`,
		'a mount that is shared': `x-v: &v pg:${at}\nservices:\n  db:\n    volumes: [*v]\n`,
		'volumes in braces': `services:\n  db:\n    volumes: [pg:${at}]\nvolumes: {pg: {}}\n`,
		'no YAML': 'services: [',
		'no service': 'services:\n  app: {}\n',
	};
	test.each(Object.entries(cases))('%s', (_name, file) => {
		expect(() => setServiceMount(file, change)).toThrow();
	});
});

test('it is known before whether there is such a mount', () => {
	expect(mountIndex(short, 'db', at)).toBe(1);
	expect(mountIndex(short, 'db', '/x')).toBe(-1);
});
