import {describe, expect, test} from 'vitest';
import type {Finding} from '../../source/core/diagnosis.ts';
import type {Fix, Plan, PlanAnswer} from '../../source/core/fix.ts';
import {say} from '../../source/core/say.ts';
import {seeing} from '../../source/core/walk.ts';
import {type Changes, sampleFacts} from '../../source/diagnoses/samples.ts';
import {showSteps} from '../../source/engine/plan.ts';
import {connectNetwork} from '../../source/fixes/connect-network.ts';
import {fixEnvFile} from '../../source/fixes/fix-env-file.ts';
import {pointToService} from '../../source/fixes/point-to-service.ts';
import {startService} from '../../source/fixes/start-service.ts';
import {syncClientPassword} from '../../source/fixes/sync-client-password.ts';
import {useStoredPassword} from '../../source/fixes/use-stored-password.ts';
import type {ComposeFiles} from '../../source/probes/compose-files.ts';

const file = '/srv/shop/docker-compose.yaml';
const env = '/srv/shop/.env';

const finding = (...hands: Record<string, unknown>[]): Finding => ({
	id: 'x',
	chapter: 'access',
	subject: 'api',
	severity: 'failure',
	certainty: 'certain',
	title: say('x', '某'),
	about: say('x', '某'),
	beware: null,
	because: [],
	affects: ['api'],
	fixes: [],
	noFix: null,
	hands,
});

const origin = (service: string, variable: string, names: string[], whole = true) => ({
	service,
	variable,
	names,
	whole,
	literal: names.length === 0,
	file,
	line: 1,
});
const entry = (name: string, references: string[] = []) => ({file: env, line: 1, name, oddities: [], references});
const use = (name: string, service: string, defined = true) => ({
	name,
	service,
	key: name,
	hasDefault: false,
	required: false,
	defined,
	file,
});

const files: Partial<ComposeFiles> = {
	composeFiles: [file],
	envFile: env,
	hashes: {[file]: 'aa', [env]: 'bb'},
	entries: [entry('DB_PASSWORD'), entry('POSTGRES_PASSWORD', ['DB_PASSWORD']), entry('DB_HOST'), entry('DB_PORT')],
	origins: [
		...['api', 'worker'].flatMap(service => [
			origin(service, 'DB_PASSWORD', ['DB_PASSWORD']),
			origin(service, 'DB_HOST', ['DB_HOST']),
			origin(service, 'DB_PORT', ['DB_PORT']),
		]),
		origin('db', 'DB_PASSWORD', ['POSTGRES_PASSWORD']),
	],
};

const planned = (fix: Fix, changes: Changes, found: Finding, settings: Record<string, string> = {}): PlanAnswer =>
	fix.plan(seeing(sampleFacts({files, ...changes})), found, settings);

function steps(answer: PlanAnswer): [string, Record<string, unknown>][] {
	if (answer.kind !== 'plan') throw new Error(answer.why.en);
	for (const {says, like} of showSteps((answer satisfies Plan).steps)) {
		expect(says.zh).toMatch(/\p{Script=Han}/u);
		expect(like.trim()).not.toBe('');
	}
	return answer.steps.map(({step, input}) => [step, input]);
}

const named = (answer: PlanAnswer): string[] => steps(answer).map(([step]) => step);
const wrongApi: Changes = {proofs: {api: {verdict: 'wrong'}}};
const hand = {database: 'db', credential: 'api', service: 'api'};

describe('sync-client-password', () => {
	test('an entry of `.env` is set once, and who reads it is made anew, never the server', () => {
		const answer = planned(
			syncClientPassword,
			{proofs: {api: {verdict: 'wrong'}, worker: {verdict: 'wrong'}}},
			finding(hand, {...hand, credential: 'worker', service: 'worker'}),
		);
		expect(named(answer)).toEqual(['save-evidence', 'edit-env-file', 'recreate-service', 'return-services']);
		expect(steps(answer)[1]?.[1]).toMatchObject({file: env, name: 'DB_PASSWORD', value: {secret: 'db'}, part: 'whole'});
		expect(steps(answer)[2]?.[1]).toMatchObject({services: ['api', 'worker']});
		expect(answer).toMatchObject({
			assumes: {[`file:${env}`]: 'bb', 'container:api': 'api-id', 'system-identifier:db': expect.any(String)},
		});
	});

	test('a name that something else is made of is left alone: this service gets its own value', () => {
		const shared = {...files, origins: [...(files.origins ?? []), origin('web', 'SESSION_SECRET', ['DB_PASSWORD'])]};
		const answer = planned(syncClientPassword, {...wrongApi, files: shared}, finding(hand));
		expect(steps(answer)[1]).toEqual([
			'edit-compose-file',
			expect.objectContaining({file, service: 'api', variable: 'DB_PASSWORD', value: {secret: 'db'}}),
		]);
	});

	test('where nobody is right, it says so', () => {
		const answer = planned(
			syncClientPassword,
			{proofs: {api: {verdict: 'wrong'}, worker: {verdict: 'wrong'}, db: {verdict: 'wrong'}}},
			finding(hand),
		);
		expect(answer.kind).toBe('not-applicable');
	});

	test('without the files it goes through the engine and says what that is worth', () => {
		const nowhere: Changes = {...wrongApi, files: {...files, readable: false}};
		const facts = new Map(sampleFacts(nowhere));
		const state = facts.get('deployment-state');
		if (state?.state !== 'known') throw new Error('no state');
		facts.set('deployment-state', {...state, value: {...(state.value as object), filesReadable: false}});
		const answer = syncClientPassword.plan(seeing(facts), finding(hand), {});
		expect(named(answer)).toEqual(['save-evidence', 'recreate-service', 'return-services']);
		expect(steps(answer)[1]?.[1]).toMatchObject({
			flags: null,
			environment: [{service: 'api', variable: 'DB_PASSWORD', secret: 'db'}],
		});
		expect(answer.kind === 'plan' && answer.loses.en).toContain('read the old value again');
	});
});

describe('use-stored-password', () => {
	const all: Changes = {proofs: {api: {verdict: 'wrong'}, worker: {verdict: 'wrong'}, db: {verdict: 'wrong'}}};

	test('asks for what nobody knows, and tries it before anything is changed', () => {
		expect(planned(useStoredPassword, all, finding(hand))).toMatchObject({
			kind: 'asks',
			settings: [{key: 'password', secret: true}],
		});
		const answer = planned(useStoredPassword, all, finding(hand), {password: '•••'});
		expect(named(answer)).toEqual([
			'save-evidence',
			'prove-password',
			'edit-env-file',
			'recreate-service',
			'return-services',
		]);
		expect(steps(answer)[2]?.[1]).toMatchObject({value: {secret: 'setting:password'}});
	});

	test('a URL put together in the Compose file gets a name of its own for the encoded password', () => {
		const url = {user: null, password: null, host: null, port: null, database: null, url: 'DATABASE_URL'};
		const changes: Changes = {
			...all,
			credentials: {api: {variables: url, passwordFrom: 'url'}},
			files: {...files, origins: [origin('api', 'DATABASE_URL', ['DB_PASSWORD'], false)]},
		};
		const answer = planned(useStoredPassword, changes, finding(hand), {password: '•••'});
		expect(steps(answer).filter(([step]) => step.startsWith('edit'))).toEqual([
			['edit-env-file', expect.objectContaining({name: 'DB_PASSWORD'})],
			['edit-env-file', expect.objectContaining({name: 'DB_PASSWORD_URLENCODED', encoded: true, when: 'reserved'})],
			[
				'edit-compose-file',
				expect.objectContaining({
					variable: 'DATABASE_URL',
					part: 'password',
					value: {reference: 'DB_PASSWORD_URLENCODED', onlyWhen: 'setting:password'},
				}),
			],
		]);
	});
});

describe('fix-env-file', () => {
	test('quotes and line ends around a reference are taken away in the Compose file', () => {
		const changes: Changes = {files: {...files, origins: [origin('api', 'DB_PASSWORD', ['DB_PASSWORD'], false)]}};
		const answer = planned(fixEnvFile, changes, finding({...hand, mangling: 'quotes'}));
		expect(steps(answer).filter(([step]) => step.startsWith('edit'))).toEqual([
			['edit-env-file', expect.objectContaining({name: 'DB_PASSWORD', value: {secret: 'meant:db|api'}})],
			['edit-compose-file', expect.objectContaining({variable: 'DB_PASSWORD', value: {reference: 'DB_PASSWORD'}})],
		]);
	});

	test('a value of the shell is nobody’s file', () => {
		const changes: Changes = {files: {...files, entries: [], uses: [use('DB_PASSWORD', 'api')]}};
		expect(planned(fixEnvFile, changes, finding({...hand, mangling: 'dollar'}))).toMatchObject({
			kind: 'not-applicable',
			why: {en: expect.stringContaining('shell')},
		});
	});

	test('a missing password is taken from where it is proven, else asked for', () => {
		const changes: Changes = {
			files: {...files, entries: [], uses: [use('DB_PASSWORD', 'api', false)]},
			credentials: {api: {passwordFrom: 'none', sameAs: null}},
			proofs: {api: {verdict: 'no-password-given'}},
		};
		const found = finding({
			name: 'DB_PASSWORD',
			service: 'api',
			key: 'DB_PASSWORD',
			uses: [{service: 'api', key: 'DB_PASSWORD'}],
		});
		expect(planned(fixEnvFile, changes, found)).toMatchObject({kind: 'asks', settings: [{key: 'value', secret: true}]});
		expect(named(planned(fixEnvFile, changes, found, {value: '•••'}))).toEqual([
			'save-evidence',
			'edit-env-file',
			'recreate-service',
			'return-services',
		]);
	});
});

describe('point-to-service', () => {
	test('host and port are corrected where they are written', () => {
		const answer = planned(
			pointToService,
			{credentials: {api: {host: 'database', port: 5433}}},
			finding({...hand, candidates: ['db']}),
		);
		expect(steps(answer).filter(([step]) => step.startsWith('edit'))).toEqual([
			['edit-compose-file', expect.objectContaining({service: 'api', variable: 'DB_HOST', value: {text: 'db'}})],
			['edit-compose-file', expect.objectContaining({service: 'api', variable: 'DB_PORT', value: {text: '5432'}})],
		]);
	});

	test('a name that all who share it need corrected is corrected once', () => {
		const host = {host: 'database'};
		const answer = planned(
			pointToService,
			{credentials: {api: host, worker: host}},
			finding(hand, {...hand, credential: 'worker', service: 'worker'}),
		);
		expect(steps(answer).filter(([step]) => step.startsWith('edit'))).toEqual([
			['edit-env-file', expect.objectContaining({name: 'DB_HOST', value: {text: 'db'}})],
		]);
	});

	test('when the clients are right, the server is told about', () => {
		expect(planned(pointToService, {}, finding(hand))).toMatchObject({
			kind: 'not-applicable',
			why: {en: expect.stringContaining('listen_addresses')},
		});
	});

	test('several servers are told apart by the passwords, else asked about', () => {
		const host = {credentials: {api: {host: 'gone'}}, secondDatabase: true};
		expect(planned(pointToService, host, finding({...hand, candidates: ['db', 'old_db']})).kind).toBe('plan');
		const both: Changes = {...host, proofs: {api: {verdict: 'wrong'}}};
		expect(planned(pointToService, both, finding({...hand, candidates: ['db', 'old_db']}))).toMatchObject({
			kind: 'asks',
			settings: [{choices: ['db', 'old_db']}],
		});
		expect(planned(pointToService, both, finding(hand), {service: 'nobody'}).kind).toBe('not-applicable');
	});
});

test('connect-network brings back the one that lost its network', () => {
	const answer = planned(connectNetwork, {services: {db: {networks: []}}}, finding(hand));
	expect(steps(answer)[1]).toEqual(['connect-network', {service: 'db', network: 'shop_default', aliases: ['db']}]);
	expect(planned(connectNetwork, {}, finding(hand)).kind).toBe('not-applicable');
});

test('start-service does not try while somebody holds the port', () => {
	const changes: Changes = {
		services: {
			nginx: {status: 'created', wantedPorts: [{container: 80, protocol: 'tcp', hostAddress: '', hostPort: 80}]},
		},
		holders: {nginx: [{port: 80, address: '', holder: {kind: 'container', name: 'other', project: null}}]},
	};
	expect(planned(startService, changes, finding({service: 'nginx'}))).toMatchObject({
		kind: 'not-applicable',
		why: {en: expect.stringContaining('other')},
	});
	expect(named(planned(startService, {...changes, holders: {}}, finding({service: 'nginx'})))).toEqual([
		'save-evidence',
		'start-service',
		'return-services',
	]);
});
