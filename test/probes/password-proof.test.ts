import {describe, expect, test} from 'vitest';
import {verbatim} from '../../source/core/say.ts';
import {makeVerifier} from '../../source/core/scram.ts';
import {Secret} from '../../source/core/secret.ts';
import {Trouble} from '../../source/core/trouble.ts';
import type {Credential, LoginResult, ReadWorld} from '../../source/core/world.ts';
import {passwordProof} from '../../source/probes/password-proof.ts';
import {container} from '../helpers/container.ts';

const secret = (text: string): Secret => new Secret(text);
const verifier = (password: string): string => makeVerifier(secret(password), {iterations: 1}).open();

const credential = (service: string, password: string | null, over: Partial<Credential> = {}): Credential => ({
	id: `${service}:PW`,
	service,
	purpose: 'client',
	user: 'app',
	host: 'db',
	port: 5432,
	database: 'appdb',
	password: password === null ? null : secret(password),
	variables: {user: null, password: 'PW', host: null, port: null, database: null, url: null},
	passwordFile: null,
	urlProblem: null,
	...over,
});

type Seen = {logins: string[]};
type Setting = {
	credentials: Credential[];
	roles?: Record<string, string | null>;
	method?: string;
	sessions?: {user: string; address: string}[];
	socket?: 'socket-denied' | 'not-running';
	/** The password that the server takes in login mode. */
	right?: string;
	candidates?: string[];
	env?: string;
};

function worldOf(setting: Setting): {world: ReadWorld; seen: Seen} {
	const seen: Seen = {logins: []};
	const names = ['db', ...new Set(setting.credentials.map(({service}) => service).filter(name => name !== 'db'))];
	const containers = names.map((name, index) =>
		container(name, {
			image: name === 'db' ? 'postgres:15' : 'app',
			networks: [{name: 'n', id: 'n', address: `172.18.0.${index + 2}`, prefix: 16, aliases: [name]}],
		}),
	);
	const rule = {
		type: 'host',
		databases: ['all'],
		users: ['all'],
		address: 'all',
		netmask: null,
		method: setting.method ?? 'scram-sha-256',
		error: null,
	};
	const world = {
		target: {kind: 'compose', project: 'shop', stack: 'generic'},
		docker: {containers: async () => containers, environment: async () => new Map(), readFile: async () => null},
		place: async () => ({workingDirectory: '/srv', configFiles: [], envFiles: ['/srv/.env'], shell: () => undefined}),
		files: {read: async (path: string) => (path === '/srv/.env' && setting.env ? Buffer.from(setting.env) : null)},
		credentials: async () => setting.credentials,
		candidates: async () =>
			(setting.candidates ?? []).map(text => ({from: verbatim('a file'), password: secret(text)})),
		redact: (text: string) => text,
		database: () => ({
			async query() {
				if (setting.socket) throw new Trouble(setting.socket, verbatim('no'));
				const roles = Object.entries(setting.roles ?? {}).map(([name, stored]) => ({name, stored}));
				return [{roles, rules: [rule], sessions: setting.sessions ?? null}];
			},
			async login(
				{user, password: own}: Credential,
				{password = own ?? undefined}: {password?: Secret} = {},
			): Promise<LoginResult> {
				seen.logins.push(`${user}:${password?.open() ?? '-'}`);
				if (password?.open() === setting.right) return {outcome: 'ok', systemIdentifier: '1', address: '172.18.0.2'};
				return {outcome: 'refused', sqlstate: '28P01', message: `password authentication failed for user "${user}"`};
			},
		}),
	};
	return {world: world as unknown as ReadWorld, seen};
}

async function prove(setting: Setting) {
	const {world, seen} = worldOf(setting);
	const proof = await passwordProof.observe(world, 'db', AbortSignal.timeout(5000));
	const verdicts = Object.fromEntries(
		proof.proofs.map(({credential: id, verdict, mangling}) => [id, mangling ? `${verdict} ${mangling}` : verdict]),
	);
	return {...proof, verdicts, seen};
}

describe('with the stored verifiers at hand', () => {
	test('every verdict, with no login at all', async () => {
		const {verdicts, socket, seen, proofs} = await prove({
			roles: {app: verifier('right'), bare: null, odd: 'neither'},
			credentials: [
				credential('a', 'right'),
				credential('b', 'wrong'),
				credential('c', 'right\r'),
				credential('d', null),
				credential('e', 'x', {user: 'ghost'}),
				credential('f', 'x', {user: 'bare'}),
				credential('g', 'x', {user: 'odd'}),
				credential('db', 'wrong', {purpose: 'initial'}),
			],
		});
		expect(verdicts).toEqual({
			'a:PW': 'fits',
			'b:PW': 'wrong',
			'c:PW': 'mangled carriage-return',
			'd:PW': 'no-password-given',
			'e:PW': 'role-missing',
			'f:PW': 'no-stored-password',
			'g:PW': 'no-stored-password',
			'db:PW': 'wrong',
		});
		expect(socket).toBe('trust');
		expect(seen.logins).toEqual([]);
		expect(proofs.every(({method}) => method === 'verifier')).toBe(true);
	});

	test('what Compose cut is found in the env file as written', async () => {
		const {verdicts} = await prove({
			roles: {app: verifier('pa$word')},
			credentials: [credential('a', 'pa')],
			env: 'OTHER=x\nPW=pa$word\n',
		});
		expect(verdicts).toEqual({'a:PW': 'mangled dollar'});
	});

	test('a URL that clients misread is mangled, unless this client is in', async () => {
		const broken = credential('a', 'ri@ght', {urlProblem: '`@` → `%40`'});
		const roles = {app: verifier('ri@ght')};
		expect((await prove({roles, credentials: [broken]})).verdicts).toEqual({'a:PW': 'mangled url-encoding'});
		const inside = {user: 'app', address: '172.18.0.3'};
		expect((await prove({roles, credentials: [broken], sessions: [inside]})).verdicts).toEqual({'a:PW': 'fits'});
		const neighbour = {user: 'app', address: '172.18.0.9'};
		expect((await prove({roles, credentials: [broken], sessions: [neighbour]})).verdicts).toEqual({
			'a:PW': 'mangled url-encoding',
		});
	});

	test('where the rule is trust no password matters', async () => {
		const {verdicts} = await prove({
			method: 'trust',
			roles: {app: verifier('right')},
			credentials: [credential('a', 'wrong'), credential('b', null), credential('c', 'x', {user: 'ghost'})],
		});
		expect(verdicts).toEqual({'a:PW': 'fits', 'b:PW': 'fits', 'c:PW': 'role-missing'});
	});

	test('what somebody else checks is proved by a login', async () => {
		const {proofs, seen} = await prove({
			method: 'ldap',
			right: 'in the directory',
			roles: {app: null},
			credentials: [credential('a', 'in the directory')],
		});
		expect(proofs).toMatchObject([{method: 'login', verdict: 'fits'}]);
		expect(seen.logins).toHaveLength(1);
	});

	test('known passwords are told by reference, each once', async () => {
		const {known} = await prove({
			roles: {app: verifier('right')},
			credentials: [credential('a', 'wrong'), credential('b', 'right'), credential('c', 'right')],
			candidates: ['other', 'right'],
		});
		expect(known.map(({role, reference}) => [role, reference])).toEqual([['app', 'b:PW']]);
		const {known: older} = await prove({
			roles: {app: verifier('old')},
			credentials: [credential('a', 'new')],
			candidates: ['x', 'old'],
		});
		expect(older.map(({role, reference}) => [role, reference])).toEqual([['app', 'candidate:1']]);
	});
});

describe('with a socket that asks for a password', () => {
	test('one login for each distinct credential; the initial one is told by its equal', async () => {
		const {verdicts, socket, seen} = await prove({
			socket: 'socket-denied',
			right: 'right',
			credentials: [
				credential('db', 'right', {purpose: 'initial', database: 'postgres'}),
				credential('a', 'right'),
				credential('b', 'right'),
				credential('b2', 'right', {database: 'other'}),
				credential('c', 'wrong'),
				credential('c2', 'wrong', {database: 'other'}),
				credential('d', '"right"'),
				credential('e', null),
			],
		});
		expect(verdicts).toEqual({
			'db:PW': 'fits',
			'a:PW': 'fits',
			'b:PW': 'fits',
			'b2:PW': 'fits',
			'c:PW': 'wrong',
			'c2:PW': 'wrong',
			'd:PW': 'mangled quotes',
			'e:PW': 'no-password-given',
		});
		expect(socket).toBe('denied');
		expect(seen.logins.toSorted()).toEqual([
			'app:"right"',
			'app:-',
			'app:right',
			'app:right',
			'app:right',
			'app:wrong',
		]);
	});

	test('an older password is looked for only until one fits, and never for long', async () => {
		const {known, seen} = await prove({
			socket: 'socket-denied',
			right: 'old',
			credentials: [credential('a', 'new')],
			candidates: ['x', 'old', 'y'],
		});
		expect(known.map(({reference}) => reference)).toEqual(['candidate:1']);
		expect(seen.logins).toEqual(['app:new', 'app:x', 'app:old']);
		const many = Array.from({length: 20}, (_, index) => `p${index}`);
		expect(
			(await prove({socket: 'socket-denied', right: 'none', credentials: [credential('a', 'new')], candidates: many}))
				.seen.logins,
		).toHaveLength(7);
	});
});

test('without a server nothing is tried', async () => {
	const {verdicts, socket, seen} = await prove({socket: 'not-running', credentials: [credential('a', 'x')]});
	expect(verdicts).toEqual({'a:PW': 'not-tried'});
	expect(socket).toBe('no-server');
	expect(seen.logins).toEqual([]);
});

test('no password and no verifier gets into the fact', async () => {
	const stored = verifier('right-one-1');
	const proof = await prove({
		roles: {app: stored},
		credentials: [credential('a', 'right-one-1'), credential('b', 'wrong-one-2')],
		candidates: ['old-one-3'],
	});
	const text = JSON.stringify({proofs: proof.proofs, known: proof.known});
	for (const hidden of ['right-one-1', 'wrong-one-2', 'old-one-3', stored.slice(20, 40)])
		expect(text).not.toContain(hidden);
});
