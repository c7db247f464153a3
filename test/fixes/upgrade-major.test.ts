import {expect, test} from 'vitest';
import type {Finding} from '../../source/core/diagnosis.ts';
import {type Fact, factKey} from '../../source/core/fact.ts';
import type {Plan, PlanAnswer} from '../../source/core/fix.ts';
import {seeing} from '../../source/core/walk.ts';
import {type Changes, sampleFacts} from '../../source/diagnoses/samples.ts';
import {upgradeMajor} from '../../source/fixes/upgrade-major.ts';

const finding = {
	id: 'version-mismatch',
	subject: 'db',
	affects: ['db'],
	hands: [{database: 'db'}],
} as Partial<Finding> as Finding;

const compose = '/srv/shop/docker-compose.yaml';
const at = '2026-01-02T03:04:05.000Z';

function planned(directory: Changes['directory'], more: Record<string, unknown> = {}, settings = {}, changes = {}) {
	const facts = new Map<string, Fact>(
		sampleFacts({directory: {majorVersion: '13', imageMajor: '15', ...directory}, ...changes}),
	);
	const files = facts.get('compose-files') as {value: object};
	const known: Record<string, unknown> = {
		'compose-files': {...files.value, composeFiles: [compose], hashes: {[compose]: 'aa'}},
		[factKey('image-of-data', 'db')]: {candidates: ['postgres:13-alpine'], present: 'postgres:13-alpine'},
		...more,
	};
	for (const [key, value] of Object.entries(known)) facts.set(key, {state: 'known', value, at, ms: 1});
	return upgradeMajor.plan(seeing(facts), finding, settings);
}

const plan = (answer: PlanAnswer): Plan => {
	if (answer.kind !== 'plan') throw new Error(`no plan: ${answer.why.en}`);
	return answer;
};
const ids = ({steps}: Plan): string[] => steps.map(({step}) => step);
const input = (given: Plan, step: string): Record<string, unknown> =>
	given.steps.find(one => one.step === step)?.input ?? {};
const why = (answer: PlanAnswer): string => {
	if (answer.kind !== 'not-applicable') throw new Error('not refused');
	return answer.why.en;
};
const volume = {kind: 'named-volume', source: 'shop_pg', mountedAt: '/var/lib/postgresql/data'} as const;

test('everything is checked before anything stops, and the Compose file is edited after all is moved', () => {
	const best = plan(planned(volume));
	expect(ids(best)).toEqual([
		'save-evidence',
		'check-upgrade',
		'stop-service',
		'move-to-major',
		'remount-data',
		'start-database',
		'return-services',
	]);
	expect(best.confirm?.name).toBe('shop_pg');
	expect(best.assumes).toMatchObject({'container:db': 'db-id', [`file:${compose}`]: 'aa'});
	expect(input(best, 'move-to-major')).toMatchObject({
		from: '13',
		to: '15',
		image: 'postgres:13-alpine',
		newPlace: {beside: 'shop_pg', kind: 'volume', mark: 'pg15', destination: '/var/lib/postgresql/data', within: ''},
	});
});

test('a folder of this machine gets a folder beside it, with PGDATA as deep as before', () => {
	const best = plan(planned({path: '/var/lib/postgresql/data/pgdata'}));
	expect(input(best, 'remount-data')).toMatchObject({
		at: '/var/lib/postgresql/data',
		place: {kind: 'bind', beside: '/srv/shop/volumes/db/data', within: 'pgdata'},
	});
	expect(best.confirm?.name).toBe('./volumes/db/data');
});

test('refused where the mount has to move: Compose would hand the new volume on when it is taken back', () => {
	const mounts = [
		{type: 'volume', name: 'a'.repeat(64), source: '/x', destination: '/var/lib/postgresql', writable: true},
		{type: 'volume', name: 'shop_pg', source: '/y', destination: '/var/lib/postgresql/data', writable: true},
	];
	const answer = planned(
		{
			path: '/var/lib/postgresql/18/docker',
			kind: 'anonymous-volume',
			source: 'a'.repeat(64),
			mountedAt: '/var/lib/postgresql',
			majorVersion: null,
			imageMajor: '18',
			databasesNearby: [{path: '/var/lib/postgresql/data', majorVersion: '17'}],
		},
		{},
		{},
		{services: {db: {mounts}}},
	);
	expect(why(answer)).toContain('`PGDATA: /var/lib/postgresql/data`');
});

test('an image that is not here is named with the command that brings it', () => {
	const none = {[factKey('image-of-data', 'db')]: {candidates: ['postgres:13-alpine'], present: null}};
	expect(why(planned(volume, none))).toContain('`docker pull postgres:13-alpine`');
	expect(input(plan(planned(volume, none, {image: 'mine:13'})), 'check-upgrade')).toMatchObject({image: 'mine:13'});
	expect(why(planned(volume, {[factKey('image-of-data', 'db')]: {candidates: [], present: null}}))).toContain(
		'--set image=',
	);
});

test('refused: newer data, shared data, no mount, a foreign user, no files', () => {
	expect(why(planned({...volume, majorVersion: '16'}))).toContain('no way back');
	expect(why(planned({...volume, majorVersion: '15'}))).toContain('no way back');
	expect(why(planned({...volume, sharedWith: ['other/db']}))).toContain('other/db');
	expect(why(planned({kind: 'none', source: null, mountedAt: null}))).toContain('mount');
	expect(why(planned({...volume, imageMajor: null}))).toContain('which version');
	expect(why(planned(volume, {}, {}, {services: {db: {user: '1000:1000'}}}))).toContain('`1000:1000`');
	const deployment = sampleFacts().get('deployment-state') as {value: object};
	const unread = {'deployment-state': {...deployment.value, filesReadable: false}};
	expect(why(planned(volume, unread))).toContain('Compose files');
});
