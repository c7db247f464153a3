import {expect, test} from 'vitest';
import type {Finding} from '../../source/core/diagnosis.ts';
import {seeing} from '../../source/core/walk.ts';
import {sampleFacts} from '../../source/diagnoses/samples.ts';
import {grantSchema} from '../../source/fixes/grant-schema.ts';

const hand = {
	...{database: 'db', credential: 'api', service: 'api', user: 'clerk', databaseName: 'dify', address: '172.20.0.3'},
};
const plan = (...hands: Record<string, unknown>[]) =>
	grantSchema.plan(seeing(sampleFacts()), {id: 'x', affects: ['api'], hands} as Partial<Finding> as Finding, {});

test('one role gets the right in one database, once', () => {
	const given = plan(hand, {...hand, credential: 'worker', service: 'worker'});
	expect(given).toMatchObject({
		kind: 'plan',
		restarts: ['api', 'worker'],
		steps: [{}, {step: 'grant-schema', input: {role: 'clerk', database: 'dify', schema: 'public'}}, {}],
	});
});

test('nobody is granted anything where no role is named', () => {
	expect(plan({...hand, user: ''})).toMatchObject({kind: 'not-applicable'});
});
