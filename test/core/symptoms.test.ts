import {describe, expect, test} from 'vitest';
import type {Deployment, ServiceState} from '../../source/core/deployment.ts';
import type {Finding} from '../../source/core/diagnosis.ts';
import {say} from '../../source/core/say.ts';
import {consequences, explain, symptomsOf, withoutNeedless} from '../../source/core/symptoms.ts';
import {sampleFacts} from '../../source/diagnoses/samples.ts';

function deployment(changes: Record<string, Partial<ServiceState>> = {}): Deployment {
	const fact = sampleFacts({services: changes}).get('deployment-state');
	if (fact?.state !== 'known') throw new Error('no sample');
	return fact.value as Deployment;
}
const now = Date.parse('2026-01-02T03:04:05.000Z');
const kinds = (changes: Record<string, Partial<ServiceState>>): string[] =>
	symptomsOf(deployment(changes), new Map(), now).map(({id}) => id);
const finding = (id: string, affects: string[], severity: Finding['severity'] = 'failure'): Finding => ({
	id,
	chapter: 'access',
	subject: null,
	severity,
	certainty: 'certain',
	title: say(id, '标题'),
	about: say('', ''),
	beware: null,
	because: [],
	affects,
	fixes: [],
	noFix: null,
	hands: [],
});

describe('what is visibly wrong', () => {
	test('nothing, when everything runs', () => expect(kinds({})).toEqual([]));
	test.each([
		['api:restarting', {status: 'restarting', exitCode: 1}],
		['api:killed', {status: 'exited', exitCode: 137}],
		['api:not-started', {status: 'created', error: 'port is already allocated'}],
		['api:unhealthy', {status: 'running', health: 'unhealthy'}],
		['api:paused', {status: 'paused'}],
		['api:exited', {status: 'exited', exitCode: 0, restartPolicy: 'always'}],
	] as const)('%s', (id, change) => expect(kinds({api: change})).toEqual([id]));
	test('a job that ended well is not', () =>
		expect(kinds({api: {status: 'exited', exitCode: 0, restartPolicy: 'no'}})).toEqual([]));
	test('a crash loop is caught between two crashes', () =>
		expect(kinds({api: {restartCount: 3, startedAt: '2026-01-02T03:04:03.000Z'}})).toEqual(['api:restarting']));
	test('a service that settled after crashes is well', () =>
		expect(kinds({api: {restartCount: 3, startedAt: '2026-01-02T03:00:00.000Z'}})).toEqual([]));
});

describe('a proxy’s error lines', () => {
	const failed = {
		at: '2026-01-02T03:00:00.000Z',
		text: 'connect() failed (111: Connection refused) while connecting to upstream',
		detail: null,
	};
	const logs = new Map([['nginx', [failed]]]);
	test('are history when what it leads to was started later and is well', () =>
		expect(symptomsOf(deployment({api: {startedAt: '2026-01-02T03:02:00.000Z'}}), logs, now)).toEqual([]));
	test('are news while what it leads to is ill', () =>
		expect(symptomsOf(deployment({api: {status: 'restarting'}}), logs, now).map(({id}) => id)).toEqual([
			'api:restarting',
			'nginx:answers-5xx',
		]));
});

describe('causes and consequences', () => {
	test('reach what depends on the broken service, and the proxy in front', () =>
		expect([...consequences(deployment(), ['db'])].sort()).toEqual(['api', 'db', 'nginx', 'worker']));
	test('each symptom goes under the cause that breaks the service itself', () => {
		const symptoms = symptomsOf(
			deployment({api: {status: 'restarting'}, nginx: {health: 'unhealthy'}}),
			new Map(),
			now,
		);
		expect(
			explain(symptoms, [finding('stale', ['api'])], deployment()).map(({id, explainedBy}) => [id, explainedBy]),
		).toEqual([
			['api:restarting', ['stale']],
			['nginx:unhealthy', ['stale']],
		]);
	});
	test('a kill is never a consequence of a password', () => {
		const symptoms = symptomsOf(deployment({nginx: {status: 'exited', exitCode: 137}}), new Map(), now);
		expect(explain(symptoms, [finding('stale', ['api'])], deployment())[0]?.explainedBy).toEqual([]);
	});
	test('one cause is enough: the first that breaks the service, unless its own words speak for another', () => {
		const symptoms = symptomsOf(
			deployment({api: {status: 'restarting'}}),
			new Map([['api', [{at: '', text: 'error: WRONGPASS', detail: null}]]]),
			now,
		);
		const causes = [finding('stale', ['api', 'worker']), finding('redis', ['api'])];
		expect(explain(symptoms, causes, deployment())[0]?.explainedBy).toEqual(['stale']);
		const heard = (lines: readonly string[]) =>
			new Map(lines.some(line => /WRONGPASS/.test(line)) ? [['redis', 9]] : []);
		expect(explain(symptoms, causes, deployment(), heard)[0]?.explainedBy).toEqual(['redis']);
	});
	test('a kill belongs to what kills', () => {
		const symptoms = symptomsOf(deployment({api: {status: 'exited', exitCode: 137}}), new Map(), now);
		const causes = [finding('stale', ['api']), {...finding('oom', ['api']), chapter: 'resources'}];
		expect(explain(symptoms, causes, deployment())[0]?.explainedBy).toEqual(['oom']);
	});
	test('a last resort counts only for what nothing deeper explains', () => {
		const ill = deployment({api: {status: 'restarting'}, worker: {status: 'restarting'}});
		const symptoms = symptomsOf(ill, new Map(), now);
		const last = (id: string, service: string) => ({...finding(id, [service]), subject: service, lastResort: true});
		const ids = (...findings: Finding[]) => withoutNeedless(findings, symptoms, ill).map(({id}) => id);
		expect(ids(last('own', 'api'))).toEqual(['own']);
		expect(ids(last('own', 'api'), finding('stale', ['api']))).toEqual(['stale']);
		expect(ids(finding('drift', ['worker']), last('own', 'api'))).toEqual(['drift', 'own']);
		expect(ids(last('own', 'api'), last('again', 'api'))).toEqual(['own']);
		expect(ids(last('nginx', 'nginx'))).toEqual([]);
	});
	test('a warning explains nothing', () => {
		const symptoms = symptomsOf(deployment({api: {status: 'restarting'}}), new Map(), now);
		expect(explain(symptoms, [finding('open', ['api'], 'warning')], deployment())[0]?.explainedBy).toEqual([]);
	});
});
