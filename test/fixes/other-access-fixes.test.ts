import {expect, test} from 'vitest';
import type {Finding} from '../../source/core/diagnosis.ts';
import {type Fact, factKey} from '../../source/core/fact.ts';
import type {Fix, Plan, PlanAnswer} from '../../source/core/fix.ts';
import {seeing} from '../../source/core/walk.ts';
import {type Changes, sampleFacts} from '../../source/diagnoses/samples.ts';
import {allowLogin} from '../../source/fixes/allow-login.ts';
import {createDatabase} from '../../source/fixes/create-database.ts';
import {createRole} from '../../source/fixes/create-role.ts';
import {repairHba} from '../../source/fixes/repair-hba.ts';

const hand = {
	database: 'db',
	credential: 'api',
	service: 'api',
	user: 'dify',
	databaseName: 'dify',
	address: '172.20.0.3',
};
const finding = (change: Record<string, unknown> = {}): Finding =>
	({id: 'x', affects: ['api'], hands: [{...hand, ...change}]}) as Partial<Finding> as Finding;
const asDify = {credentials: {api: {user: 'dify'}}};

const answer = (fix: Fix, changes: Changes, change = {}, settings = {}): PlanAnswer =>
	fix.plan(seeing(sampleFacts(changes)), finding(change), settings);
const plan = (...given: Parameters<typeof answer>): Plan => {
	const got = answer(...given);
	if (got.kind !== 'plan') throw new Error(JSON.stringify(got));
	return got;
};
const input = (given: Plan, id: string) => given.steps.find(({step}) => step === id)?.input;

test('a missing role is made with its client’s password and may use its database', () => {
	const made = plan(createRole, asDify);
	expect(input(made, 'create-role')).toMatchObject({role: 'dify', secret: 'api', route: 'socket'});
	expect(input(made, 'grant-access')).toMatchObject({role: 'dify', database: 'dify'});
});

test('nothing is granted when only a login is wanted', () => {
	expect(input(plan(createRole, asDify, {}, {access: 'login'}), 'grant-access')).toBeUndefined();
});

test('a database that is missing as well is made for the role', () => {
	const made = plan(createRole, asDify, {databaseName: 'plugin'});
	expect(input(made, 'grant-access')).toBeUndefined();
	expect(input(made, 'create-database')).toMatchObject({name: 'plugin', owner: 'dify'});
});

test('a role whose client sends no password is not made', () => {
	expect(answer(createRole, {credentials: {api: {user: 'dify', sameAs: null}}})).toMatchObject({
		kind: 'not-applicable',
	});
});

test.each([
	['NOLOGIN', {canLogin: false}, {login: true, validUntil: false, connectionLimit: false}],
	['an end date', {expired: true}, {login: false, validUntil: true, connectionLimit: false}],
	['a used up limit', {connectionLimit: 0}, {login: false, validUntil: false, connectionLimit: true}],
])('%s is lifted and nothing else', (_name, row, lifts) => {
	const given = plan(allowLogin, {roles: {postgres: row}}, {user: 'postgres'});
	expect(input(given, 'allow-login')).toMatchObject({role: 'postgres', lifts});
});

test('nothing to lift is no plan', () => {
	expect(answer(allowLogin, {}, {user: 'postgres'})).toMatchObject({kind: 'not-applicable'});
});

test('a missing database is made for its client’s role', () => {
	expect(input(plan(createDatabase, {}, {user: 'postgres', databaseName: 'plugin'}), 'create-database')).toMatchObject({
		name: 'plugin',
		owner: 'postgres',
	});
	expect(answer(createDatabase, {}, {user: 'postgres'})).toMatchObject({kind: 'not-applicable'});
	expect(answer(createDatabase, asDify, {databaseName: 'plugin'})).toMatchObject({kind: 'not-applicable'});
});

const rule = {
	line: 7,
	file: null,
	type: 'host',
	databases: ['all'],
	users: ['all'],
	address: 'all',
	netmask: null,
	method: 'reject',
	error: null,
};

test('the hba line names database, role and shared subnet, in front of the line that rejects', () => {
	const given = input(plan(repairHba, {...asDify, hba: [rule]}), 'edit-hba');
	expect(given).toMatchObject({
		record: 'host dify dify 172.20.0.0/16 scram-sha-256',
		before: 7,
		file: '/var/lib/postgresql/data/pg_hba.conf',
	});
});

test('without such a line it is appended; the address can be chosen but never the method', () => {
	const given = input(plan(repairHba, {...asDify, hba: []}, {}, {address: 'samenet'}), 'edit-hba');
	expect(given).toMatchObject({record: 'host dify dify samenet scram-sha-256', before: null});
	expect(answer(repairHba, {...asDify, hba: []}, {}, {address: 'all all trust'})).toMatchObject({
		kind: 'not-applicable',
	});
});

test('a role with an md5 password only gets the md5 method, which takes both kinds', () => {
	const given = input(plan(repairHba, {hba: [], roles: {postgres: {secret: 'md5'}}}, {user: 'postgres'}), 'edit-hba');
	expect(given).toMatchObject({record: 'host dify postgres 172.20.0.0/16 md5'});
});

test('rules that can’t be read can’t be repaired safely', () => {
	const facts = new Map<string, Fact>(sampleFacts(asDify));
	facts.set(factKey('database-catalog', 'db'), {
		state: 'known',
		value: {kind: 'socket-denied', says: ''},
		at: '',
		ms: 0,
	});
	expect(repairHba.plan(seeing(facts), finding(), {})).toMatchObject({kind: 'not-applicable'});
});
