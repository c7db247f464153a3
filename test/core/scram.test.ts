import {expect, test} from 'vitest';
import {evidentReadings, makeVerifier, matches, provenMangling, storedKind} from '../../source/core/scram.ts';
import {Secret} from '../../source/core/secret.ts';

const secret = (text: string): Secret => new Secret(text);

/** What PostgreSQL 15 stored for these passwords (`create role … password E'…'` with client_encoding UTF8). */
const storedByServer: readonly [string, string][] = [
	[
		'pencil',
		'SCRAM-SHA-256$4096:Z2YLgfhmIagX1WZKGcGLdQ==$UoaNeCOA5v/uimRgA8xrSHWxAefSX01DM65Ixvnxyck=:eLUr0jzdXY4u53szQJk974xcTkm2eYbBNwwFO0efbsk=',
	],
	[
		'with blank ',
		'SCRAM-SHA-256$4096:k7Xz66IO7WZdshXs0exWiA==$9dMRY+8VLR9HB/XFgYcmWFCikMrxwpkHWOag/EAdlyg=:+mgcWRownzcI70boJak40wUUAe2+GKxm7ApqzYsCCZE=',
	],
	[
		'\u00e9',
		'SCRAM-SHA-256$4096:5MkWE5NfAYkLZ5YdoNc8ug==$HV4WqMwolV5+H2DH5YYophno3ITGh/gaanpIeQSLzAU=:DHxs8iw7HVTHIJdQ/V1rF2pf6DDYRCbfB9+sFeawGGg=',
	],
	[
		'e\u0301',
		'SCRAM-SHA-256$4096:MfZboqIVgU5Uh+cP52CI7w==$pNat2riBlU8GlZF9XgfOeOkSVfl7J7iCCqjmpNlWp8k=:6z4k0hMCBHDzzlu0jYvWH+hXVRJihzFjudkoipqJm00=',
	],
	[
		'\ufb01',
		'SCRAM-SHA-256$4096:3HACyyTuuXLJ8aSaRXRUfQ==$AP2HIZBo2oTw2pa0OrI6poXXzE8uKEH7wBHIX32LIOs=:9aMzVBUjzdt6JZD68IRTVQqnD6klTBxnL+uqGJy0Hc4=',
	],
	[
		'a\u00adb',
		'SCRAM-SHA-256$4096:unjJFeC2IqJT/DlAIq3B4Q==$+YZOlBbLErXDXSG8x02bkhJIvjX7NOjEK2RfFu6b5ME=:yMfzhE8e2yuWewfgOT8IxXGj6zvzRpvmdNxEUVa/1d8=',
	],
	[
		'a\u00a0b',
		'SCRAM-SHA-256$4096:kaoMYdfNng5uOreRJ0gRtA==$3QJln/1jB+7FYgvb9wrJX7cg81hoSWNGh+6qJxnXS7Q=:xYmxof+8hu5dfRXlPQnFNv5+11LjkX223M/0IRY2G0k=',
	],
	[
		'a\u200bb',
		'SCRAM-SHA-256$4096:aM08FxY4I/pHdZgea0QcjQ==$gtVhXYNgO8s+bM8MWhr2xUMuXU3kDkj2xWlPXrY2JdE=:3VsAgePTZjqw+42gyyZy9mPp1RCSSR9Ma7chghauPVM=',
	],
	[
		'\u2167',
		'SCRAM-SHA-256$4096:RXw6Mo6WmC6JnSdra8YOSg==$T8iXOvz/wfvLXusqCZug/OlpD99GXAeN4moKRLr0Jjg=:2cEKZCjuHqRRbgvhf7OM2aiijEA6Y98li+vfgUPkNqw=',
	],
	[
		'a\u0007\u00e9',
		'SCRAM-SHA-256$4096:LRGiFYCC3fr6sD7Sn5eD3A==$ijfXiq6Xz2TNoIj72JlLfuTN/AsMHVCaIZYS0Ej4MN4=:m9UgDnxxPwCsXkjnTifJzw+R83RFJU+lTDQuvSAuMrU=',
	],
	[
		'\u06271',
		'SCRAM-SHA-256$4096:t3OR8uxh+kCpCjHRIyVTcw==$XrDKHH6dbgOWI3JITpQNxgqwkw+XL2GF/EFp1ANwu5E=:YbWClQka7o8/OO26HyT4hpiB5J/wnF1pTV3jn7Fc4P0=',
	],
	[
		'\u06271\u0627',
		'SCRAM-SHA-256$4096:Y+4iecHGCKV92a629vzXkQ==$W7Nkun4b2DJ2XeqZe/A6NtYJj+irffD0XIDnKePLHks=:UDPLpBCZ+A1LatEKqwk6V6812jC/YRVtmC4eHa+4tf4=',
	],
	[
		'\ue000',
		'SCRAM-SHA-256$4096:5Sds+P75XLaGms1za5P5tA==$yho9kD9UMjregx6eUKyxiI8TLgq7Z1WZ+antc6nHhew=:4pjv1l6VovJdAaiMr2vpMIFxNSbaT4gX+WcZ9zGPC34=',
	],
	[
		'\u{1f600}',
		'SCRAM-SHA-256$4096:S0iVZYJrM9CJ3ypld+PFHQ==$LyXclI/z+dmP1I9Krq8AJ9QY87km6WGe4a+4G7qAsAY=:QbcLcChQtDaMwaTV27XDoBOxtxGoXNgS5xnA7bhjTwo=',
	],
	[
		'\u00ad',
		'SCRAM-SHA-256$4096:fTQIp2dVaBpGM+aYRlzLzw==$GN+w8cW3DntdqCKJP0SJ7SwQ1SNhwhLoBCnFFhwTixU=:JwQ7sn/7R+W0Pfv2ZdEJFnXVFQnJuiM2Uj7eR2ejp0w=',
	],
	[
		'\u1d2c',
		'SCRAM-SHA-256$4096:Yv4ZYFPvhRNdulO5Z53PkQ==$O3NpQkFMB2MOgGK5CDd1v+OIhX564QwQRhnnnZn4glM=:+W1uJ2qldjwaNAWck1ZnhZmwSnEI2q/FQEN7qjJKHK4=',
	],
	[
		'\u65e5\u672c\u8a9e',
		'SCRAM-SHA-256$4096:xyTTxyXa20ncdx4gjJwVzQ==$Lnh+n570pVRxW4S2lQ1UT8zkeyDSG9oU3CXhIMldH0Q=:JN3Rk3m4S+cPNdK3ljbntjZU61N2u5bBaKZdEGJEH0A=',
	],
	[
		'tab\t\u00e9',
		'SCRAM-SHA-256$4096:4mlyXAmjruJQ+NmpuYJYpA==$bEytFHwx4YIZ0yutg1uXlBYwpSfiNIta/DBR/4F0Igw=:oXr2OebaCIwzEvTlnfiMMy4//2kAuP+fmu6K+lkDngw=',
	],
	[
		'a\u0627',
		'SCRAM-SHA-256$4096:9JtxzKgRQyHcO/sNH2RStQ==$fmnUAVxPvwCPcvRWFyUWsdug6mFpk/sqnwju26sQDhg=:O1mHfwpwptLO9VQdFcS06SfTJZjIl6Ilk0a/bwwFXp0=',
	],
];

test.each(storedByServer)('%j fits what the server stored for it', (password, stored) => {
	expect(matches(secret(stored), 'anyone', secret(password))).toBe(true);
	expect(matches(secret(stored), 'anyone', secret(`${password}x`))).toBe(false);
});

test('an md5 hash belongs to one role', () => {
	const stored = secret('md52da2e0b35d0e59dcd5e569648ef8fac8');
	expect(matches(stored, 'v100', secret('pencil'))).toBe(true);
	expect(matches(stored, 'v101', secret('pencil'))).toBe(false);
	expect(matches(stored, 'v100', secret('pen'))).toBe(false);
});

test('a verifier with given salt is the same every time, and one without is not', () => {
	const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64');
	// RFC 7677, section 3: user "user", password "pencil", this salt and 4096 iterations.
	const verifier = makeVerifier(secret('pencil'), {salt, iterations: 4096});
	expect(verifier.open()).toBe(
		'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
	);
	expect(makeVerifier(secret('pencil')).open()).not.toBe(makeVerifier(secret('pencil')).open());
	expect(matches(makeVerifier(secret('p w'), {iterations: 1000}), 'x', secret('p w'))).toBe(true);
});

test.each([
	['SCRAM-SHA-256$4096:bad', 'none'],
	[
		'SCRAM-SHA-256$0:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
		'none',
	],
	['md5short', 'none'],
	['plain', 'none'],
	['md52da2e0b35d0e59dcd5e569648ef8fac8', 'md5'],
])('%s is kept as %s', (stored, kind) => {
	expect(storedKind(secret(stored))).toBe(kind);
	expect(matches(secret(stored), 'x', secret(stored))).toBe(false);
});

test('no stored password is none', () => expect(storedKind(null)).toBe('none'));

const manglings: readonly [string, string, string[], string | null][] = [
	['right', 'right\r', [], 'carriage-return'],
	['right', '"right"\r', [], 'carriage-return'],
	['right', '"right"', [], 'quotes'],
	['right', "'right'", [], 'quotes'],
	['"right"', 'right', [], 'quotes'],
	['right', ' right ', [], 'outer-space'],
	['pa$$word', 'pa$word', [], 'dollar'],
	['pa$word', 'pa$$word', [], 'dollar'],
	['pa', 'pa$word', [], 'dollar'],
	['pa$word', 'pa', ['other', 'pa$word'], 'dollar'],
	['pa$word', 'pa', ['"pa$word" # mine'], 'dollar'],
	['p@ss/w', 'p%40ss%2Fw', [], 'url-encoding'],
	['p%40ss%2Fw', 'p@ss/w', [], 'url-encoding'],
	['abc', 'abc #def', [], 'comment'],
	['abc #def', 'abc', ['abc #def'], 'comment'],
	['a\\b', 'ab', ['"a\\b"'], 'backslash'],
	['ab', 'a\\b', [], 'backslash'],
	['a', 'b', ['$a', 'c'], null],
	// A right value elsewhere in the file is another password, not a mangled one.
	['x$other', 'mine', ['x$other'], null],
];

test.each(manglings)('stored %j, configured %j, written %j: %s', (right, configured, written, mangling) => {
	const stored = makeVerifier(secret(right), {iterations: 1});
	const proven = provenMangling(stored, 'app', secret(configured), written.map(secret));
	expect(proven?.mangling ?? null).toBe(mangling);
	if (mangling) expect(proven?.password.open()).toBe(right);
});

test('only manglings that can be seen are tried without a stored verifier', () => {
	expect(evidentReadings(secret('plain'))).toEqual([]);
	expect(evidentReadings(secret('"a"')).map(({mangling}) => mangling)).toEqual(['quotes']);
	expect(evidentReadings(secret('a\r')).map(({mangling, password}) => [mangling, password.open()])).toEqual([
		['carriage-return', 'a'],
	]);
});
