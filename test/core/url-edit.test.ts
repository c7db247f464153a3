import {expect, test} from 'vitest';
import {parseDsn} from '../../source/core/dsn.ts';
import {percentEncoded} from '../../source/core/mangling.ts';
import {setUrlAddress, setUrlPassword} from '../../source/core/url-edit.ts';

test.each(['old', 'p@ss', 'a/b', 'x#y?z', 'ha@lf/2024#1', ':colon:', ''])(
	'replaces the password %j and nothing else',
	old => {
		const url = `postgresql+asyncpg://shop:${old}@db:5432/shopdb?sslmode=disable`;
		for (const wanted of ['new', 'p@ss/w#1 %$?', 'é漢']) {
			const changed = setUrlPassword(url, percentEncoded(wanted)) ?? '';
			expect(parseDsn(changed)).toMatchObject({
				user: 'shop',
				password: wanted,
				host: 'db',
				port: 5432,
				database: 'shopdb',
				problem: null,
			});
			expect(changed.endsWith('@db:5432/shopdb?sslmode=disable')).toBe(true);
		}
	},
);

test('references stay whole', () => {
	expect(setUrlPassword('postgres://shop:${PW}@db:5432/x', '${PW_URL}')).toBe('postgres://shop:${PW_URL}@db:5432/x');
	expect(setUrlPassword('postgres://${U:-shop}:${PW:?no/@}@${H:-db}:5432/x', 'z')).toBe(
		'postgres://${U:-shop}:z@${H:-db}:5432/x',
	);
	expect(setUrlAddress('postgres://u:${PW}@${H:-db}:${P:-5433}/x', 'db_postgres:5432')).toBe(
		'postgres://u:${PW}@db_postgres:5432/x',
	);
});

test('a URL without a password gets one, one without a user does not', () => {
	expect(setUrlPassword('postgres://shop@db/x', 'pw')).toBe('postgres://shop:pw@db/x');
	expect(setUrlPassword('postgres://db/x', 'pw')).toBeNull();
	expect(setUrlAddress('postgres://db/x', 'other:1')).toBe('postgres://other:1/x');
	expect(setUrlAddress('jdbc:postgresql://old:1/x', 'db:5432')).toBe('jdbc:postgresql://db:5432/x');
	expect(setUrlPassword('not a url', 'pw')).toBeNull();
});
