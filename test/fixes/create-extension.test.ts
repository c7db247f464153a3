import {expect, test} from 'vitest';
import type {Finding} from '../../source/core/diagnosis.ts';
import type {PlanAnswer} from '../../source/core/fix.ts';
import {seeing} from '../../source/core/walk.ts';
import {type Changes, sampleFacts} from '../../source/diagnoses/samples.ts';
import {canCreate, createExtension} from '../../source/fixes/create-extension.ts';
import type {ExtensionOffer} from '../../source/probes/extension-offer.ts';

const finding = {id: 'extension-missing', subject: 'db', affects: ['api']} as Partial<Finding> as Finding;
const offer = (name: string, change: Partial<ExtensionOffer> = {}): ExtensionOffer => ({
	...{name, superuser: true, trusted: false, schema: null, requires: null},
	...change,
});
const ill: Changes = {services: {api: {status: 'restarting', restartCount: 3, exitCode: 1}}};
const wanting = (name: string, offers: ExtensionOffer[], more: Changes = {}) =>
	sampleFacts({
		...ill,
		...more,
		logs: {db: [{severity: 'ERROR', text: `permission denied to create extension "${name}"`}]},
		facts: {'extension-offer db': offers},
	});
const answer = (facts: ReturnType<typeof sampleFacts>, settings = {}): PlanAnswer =>
	createExtension.plan(seeing(facts), finding, settings);
const made = (given: PlanAnswer): unknown =>
	given.kind === 'plan'
		? given.steps.filter(({step}) => step === 'create-extension').map(({input}) => [input['name'], input['schema']])
		: given;

test('what the image brings is created in the client’s database', () => {
	const given = answer(wanting('uuid-ossp', [offer('uuid-ossp', {trusted: true})]));
	expect(made(given)).toEqual([['uuid-ossp', 'public']]);
	expect(given).toMatchObject({steps: [{}, {input: {database: 'dify'}}, {}], restarts: ['api']});
	expect(JSON.stringify(given)).toContain('GRANT CREATE ON DATABASE');
});

test('what it needs comes first, where it insists on, and a chosen schema holds for the rest', () => {
	const offers = [offer('earthdistance', {requires: ['cube']}), offer('cube', {schema: 'pg_catalog'})];
	expect(made(answer(wanting('earthdistance', offers), {schema: 'geo'}))).toEqual([
		['cube', null],
		['earthdistance', 'geo'],
	]);
});

test('an extension that no image file brings is refused with the image that does', () => {
	const facts = sampleFacts({
		...ill,
		logs: {db: [{severity: 'ERROR', text: 'extension "vector" is not available'}]},
		facts: {'extension-offer db': [offer('plpgsql')]},
	});
	expect(canCreate(seeing(facts), 'db')).toBe(false);
	const given = answer(facts);
	expect(given.kind).toBe('not-applicable');
	expect(JSON.stringify(given)).toContain('pgvector/pgvector:pg15');
	expect(JSON.stringify(given)).toContain('refresh-collation');
});

test('one that is there by now is no plan', () => {
	const content = {extensions: [{name: 'uuid-ossp', version: '1.1', available: true}]};
	expect(answer(wanting('uuid-ossp', [offer('uuid-ossp')], {content}))).toMatchObject({kind: 'not-applicable'});
});
