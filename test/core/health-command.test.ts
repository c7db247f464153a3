import {describe, expect, test} from 'vitest';
import {checkedLogin} from '../../source/core/health-command.ts';

const values: Record<string, string> = {POSTGRES_USER: 'shop', POSTGRES_DB: 'shopdb'};
const login = (...test: string[]) => checkedLogin(test, 'root', name => values[name] ?? null);

describe('what a health check logs in as', () => {
	test.each([
		[['CMD', 'pg_isready'], {user: 'root', database: 'root'}],
		[['CMD-SHELL', 'pg_isready -U shop'], {user: 'shop', database: 'shop'}],
		[['CMD-SHELL', 'pg_isready -U shop -d shopdb || exit 1'], {user: 'shop', database: 'shopdb'}],
		[['CMD', 'pg_isready', '-h', 'db', '--username=shop', '--dbname', 'x'], {user: 'shop', database: 'x'}],
		[['CMD-SHELL', 'pg_isready -U ${POSTGRES_USER} -d "$POSTGRES_DB"'], {user: 'shop', database: 'shopdb'}],
		[['CMD-SHELL', 'pg_isready -U $SOMEBODY'], {user: null, database: null}],
		[['CMD-SHELL', "psql -Ushop -d 'host=x user=y'"], {user: 'shop', database: null}],
		[['CMD-SHELL', '/usr/bin/pg_isready -Ushop'], {user: 'shop', database: 'shop'}],
	])('%j', (test, expected) => expect(login(...test)).toEqual(expected));

	test('other commands say nothing', () => expect(login('CMD', 'curl', '-f', 'http://localhost')).toBeNull());
});
