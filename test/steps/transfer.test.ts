import {expect, test} from 'vitest';
import {shapeOf} from '../../source/steps/parts/transfer.ts';

const row = (...columns: string[]): string => `${columns.join('\t')}\n`;
const common = ['--auth-local=peer', '--auth-host=reject'];

test('a new cluster is made as the old one was', () => {
	expect(shapeOf(row('UTF8', 'en_US.utf8', 'C', 'c', '', '', 'off', 'C', '', '', '', 'f'), 'shop')).toEqual({
		standby: false,
		arguments_: [
			'--username=shop',
			'--encoding=UTF8',
			'--lc-collate=en_US.utf8',
			'--lc-ctype=C',
			'--lc-messages=C',
			...common,
		],
	});
});

test('with its provider of sorting rules and its checksums', () => {
	const {arguments_} = shapeOf(row('UTF8', 'C', 'C', 'i', 'de-AT', '&a<b', 'on', 'C', 'C', 'C', 'C', 'f'), 'a b');
	expect(arguments_).toContain('--username=a b');
	expect(arguments_).toEqual(
		expect.arrayContaining(['--locale-provider=icu', '--icu-locale=de-AT', '--icu-rules=&a<b', '--data-checksums']),
	);
	expect(shapeOf(row('UTF8', 'C', 'C', 'b', 'C.UTF-8', '', 'on', '', '', '', '', 'f'), 'x').arguments_).toEqual(
		expect.arrayContaining(['--locale-provider=builtin', '--builtin-locale=C.UTF-8']),
	);
});

test('a standby is told', () => {
	expect(shapeOf(row('UTF8', 'C', 'C', 'c', '', '', 'off', '', '', '', '', 't'), 'x').standby).toBe(true);
});
