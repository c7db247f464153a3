import {expect, test} from 'vitest';
import type {Finding} from '../../source/core/diagnosis.ts';
import {type Facts, factKey} from '../../source/core/fact.ts';
import type {Plan, PlanAnswer} from '../../source/core/fix.ts';
import {seeing} from '../../source/core/walk.ts';
import {type Changes, sampleFacts} from '../../source/diagnoses/samples.ts';
import {changePassword} from '../../source/fixes/change-password.ts';

const at = '2026-01-02T03:04:05.000Z';

const finding = (services = ['api', 'worker'], user = 'postgres'): Finding =>
	({
		id: 'stale-volume-password',
		affects: services,
		hands: services.map(service => ({database: 'db', credential: service, service, user, databaseName: 'dify'})),
	}) as Partial<Finding> as Finding;

function planned(
	changes: Changes,
	more: Record<string, unknown> = {},
	settings: Record<string, string> = {},
): PlanAnswer {
	const facts = new Map(sampleFacts(changes)) as Map<string, Facts extends ReadonlyMap<string, infer F> ? F : never>;
	for (const [key, value] of Object.entries(more)) facts.set(key, {state: 'known', value, at, ms: 1});
	return changePassword.plan(seeing(facts), finding(), settings);
}

const plan = (...given: Parameters<typeof planned>): Plan => {
	const answer = planned(...given);
	if (answer.kind !== 'plan') throw new Error(`no plan: ${JSON.stringify(answer)}`);
	return answer;
};

const ids = (given: Plan): string[] => given.steps.map(({step}) => step);
const input = (given: Plan): Record<string, unknown> =>
	given.steps.find(({step}) => step === 'set-role-password')?.input ?? {};

const denied = {[factKey('database-catalog', 'db')]: {kind: 'socket-denied', says: 'no password supplied'}};
const proof = (known: {role: string; reference: string}[]) => ({
	[factKey('password-proof', 'db')]: {
		proofs: [],
		known: known.map(one => ({...one, from: {en: '', zh: ''}})),
		socket: 'denied',
	},
});

test('a trusted socket is the best way, and nothing has to stop', () => {
	const best = plan({});
	expect(ids(best)).toEqual(['save-evidence', 'set-role-password', 'return-services']);
	expect(input(best)).toMatchObject({route: 'socket', role: 'postgres', secret: 'api', proves: ['api', 'worker']});
	expect(best.confirm).toBeNull();
	expect(best.assumes).toEqual({'container:db': 'db-id', 'system-identifier:db': '7300000000000000001'});
});

test('a password that is known comes next', () => {
	const best = plan({}, {...denied, ...proof([{role: 'postgres', reference: 'candidate:0'}])});
	expect(input(best)).toMatchObject({route: 'tcp', via: {user: 'postgres', secret: 'candidate:0'}});
});

test('then a line in pg_hba.conf', () => {
	const best = plan({}, {...denied, ...proof([])});
	expect(ids(best)).toEqual(['save-evidence', 'guard-hba', 'set-role-password', 'return-services']);
	expect(input(best)).toMatchObject({route: 'socket-line', via: null});
});

test('a stopped server gets a private one and is started for the proof', () => {
	const best = plan({services: {db: {status: 'exited'}}});
	expect(input(best)).toMatchObject({route: 'private-server'});
	expect(ids(best)).toEqual(['save-evidence', 'set-role-password', 'start-database', 'return-services']);
});

test.each(['private-server', 'single-user'])(
	'%s on a running server stops it first and starts it afterwards',
	route => {
		expect(ids(plan({}, {}, {route}))).toEqual([
			'save-evidence',
			'stop-database',
			'set-role-password',
			'start-database',
			'return-services',
		]);
	},
);

test('never a second server on data that somebody else mounts', () => {
	expect(planned({services: {db: {status: 'exited'}}, directory: {sharedWith: ['other/db']}})).toMatchObject({
		kind: 'not-applicable',
	});
});

test('the password that most clients carry wins, and those who differ are named', () => {
	const split = plan({credentials: {db: {sameAs: 'C'}, api: {sameAs: 'B'}, worker: {sameAs: 'A'}}});
	expect(input(split)).toMatchObject({secret: 'api', proves: ['api']});
	expect(split.loses.en).toContain('worker');
});

test('a tie goes to the password the server’s own container carries', () => {
	expect(input(plan({credentials: {db: {sameAs: 'A'}, api: {sameAs: 'B'}, worker: {sameAs: 'A'}}}))).toMatchObject({
		secret: 'worker',
	});
});

test('asking for the old password when it is the only way left', () => {
	expect(planned({}, {...denied, ...proof([])}, {route: 'tcp'})).toMatchObject({
		kind: 'asks',
		settings: [{key: 'old-password', secret: true}, {key: 'old-user'}],
	});
	expect(
		input(plan({}, {...denied, ...proof([])}, {route: 'tcp', 'old-password': 'setting', 'old-user': 'boss'})),
	).toMatchObject({
		via: {user: 'boss', secret: 'setting:old-password'},
	});
});

test('an unknown route is refused with those there are', () => {
	const answer = planned({}, {}, {route: 'magic'});
	expect(answer).toMatchObject({kind: 'not-applicable'});
	expect(answer.kind === 'not-applicable' && answer.why.en).toContain('socket-line');
});

test('an external database has neither services to return nor a container to stop', () => {
	const external = new Map(sampleFacts()) as Map<string, {state: 'known'; value: unknown; at: string; ms: number}>;
	const set = (key: string, value: unknown) => external.set(key, {state: 'known', value, at, ms: 1});
	set('deployment-target', {
		kind: 'database',
		name: 'x',
		stack: 'external',
		host: '127.0.0.1',
		port: 5432,
		database: 'app',
		user: 'app',
	});
	set('client-credentials', [
		{
			id: 'env',
			service: '',
			purpose: 'client',
			user: 'app',
			sameAs: 'A',
			urlProblem: null,
			database: 'app',
			leadsTo: {kind: 'outside'},
		},
	]);
	set('database-catalog', {
		kind: 'read',
		catalog: {superuser: 'postgres', systemIdentifier: '7', roles: [], databases: []},
	});
	const target = {
		...finding([]),
		hands: [{database: '', credential: 'env', service: '', user: 'app', databaseName: 'app'}],
	};
	const answer = changePassword.plan(seeing(external as unknown as Facts), target, {});
	expect(answer).toMatchObject({
		kind: 'plan',
		restarts: [],
		steps: [{step: 'set-role-password', input: {route: 'socket', secret: 'env', superuser: 'postgres'}}],
	});
});

test('the proof is a login of each client and the stored verifier', () => {
	const best = plan({}, {...denied, ...proof([{role: 'postgres', reference: 'candidate:0'}])});
	const checks = changePassword.verify(finding(), best);
	expect(checks.map(({says}) => says.en)).toEqual([
		'The server keeps the configured password of role `postgres`',
		'`api` logs in over TCP by its own route',
		'`worker` logs in over TCP by its own route',
		'The old password of role `postgres` is refused',
	]);
	const fresh = new Map(
		sampleFacts({
			logins: {
				api: {outcome: 'ok', systemIdentifier: null, address: null},
				worker: {outcome: 'refused', sqlstate: '28P01', message: ''},
			},
		}),
	);
	expect(checks.slice(1, 3).map(({passes}) => passes(seeing(fresh)))).toEqual([true, false]);
});
