import {describe, expect, test} from 'vitest';
import {declaredVolumes, declareVolume, mountEntries} from '../../source/core/compose-volumes.ts';

const services = 'services:\n  db:\n    image: postgres:15 # fifteen\n';

describe('a volume is declared', () => {
	test.each([
		['at the end of a file without any', services, `${services}\nvolumes:\n  db-data:\n`],
		['behind a last line without its end', services.trimEnd(), `${services}\nvolumes:\n  db-data:\n`],
		[
			'before the others and their remarks',
			`${services}volumes:\n    # of redis\n    cache:\n        driver: local\n`,
			`${services}volumes:\n    db-data:\n    # of redis\n    cache:\n        driver: local\n`,
		],
		['in a list on one line', `volumes: {cache: {}}\n${services}`, `volumes: {db-data: {}, cache: {}}\n${services}`],
		['in an empty list', `volumes: {}\n${services}`, `volumes: {db-data: {}}\n${services}`],
		['below a bare word', `volumes:\n${services}`, `volumes:\n  db-data:\n${services}`],
	])('%s', (_name, before, after) => {
		expect(declareVolume(before, 'db-data')).toBe(after);
		expect(declaredVolumes(after)).toContain('db-data');
	});

	test('with the line ends of the file', () => {
		const crlf = services.replaceAll('\n', '\r\n');
		expect(declareVolume(crlf, 'db-data')).toBe(`${crlf}\r\nvolumes:\r\n  db-data:\r\n`);
	});
});

test.each([
	['a name that is taken', `${services}volumes:\n  db-data:\n`],
	['no YAML', 'services: {'],
	['no Compose file', '- a\n- b\n'],
	['a list that is an alias', `x-v: &v\n  a:\n${services}volumes: *v\n`],
])('refused: %s', (_name, text) => {
	expect(() => declareVolume(text, 'db-data')).toThrow();
});

test('mounts are read in both spellings', () => {
	const fill = (text: string): string => text.replace('${DATA}', './data');
	const long = {type: 'bind', source: './conf', target: '/etc/conf/'};
	expect(mountEntries(['${DATA}:/var/lib/data:z', '/anonymous', long, 'C:\\data:/win', null], fill)).toEqual([
		{index: 0, target: '/var/lib/data', raw: '${DATA}:/var/lib/data:z'},
		{index: 2, target: '/etc/conf', raw: long},
		{index: 3, target: '/win', raw: 'C:\\data:/win'},
	]);
	expect(mountEntries(null, fill)).toEqual([]);
});
