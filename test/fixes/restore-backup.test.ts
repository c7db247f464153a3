import {expect, test} from 'vitest';
import type {Finding} from '../../source/core/diagnosis.ts';
import {type Fact, factKey} from '../../source/core/fact.ts';
import type {Plan, PlanAnswer} from '../../source/core/fix.ts';
import {seeing} from '../../source/core/walk.ts';
import {type Changes, sampleFacts} from '../../source/diagnoses/samples.ts';
import {restoreBackup} from '../../source/fixes/restore-backup.ts';
import type {EarlierPlace} from '../../source/probes/earlier-data.ts';

const compose = '/srv/shop/docker-compose.yaml';
const at = '2026-01-02T03:04:05.000Z';
const volume = {kind: 'named-volume', source: 'shop_new', mountedAt: '/var/lib/postgresql/data'} as const;

function planned(id: string, changes: Changes, settings = {}, kept: string[] = []): PlanAnswer {
	const facts = new Map<string, Fact>(sampleFacts(changes));
	const files = facts.get('compose-files') as {value: object};
	const known: Record<string, unknown> = {
		'compose-files': {...files.value, composeFiles: [compose], hashes: {[compose]: 'aa'}},
		[factKey('kept-copies', 'db')]: kept.map(name => ({volume: name, run: '20260101-000000-reset-volume'})),
	};
	for (const [key, value] of Object.entries(known)) facts.set(key, {state: 'known', value, at, ms: 1});
	const finding = {id, subject: 'db', affects: ['db', 'api'], hands: [{database: 'db'}]} as Partial<Finding> as Finding;
	return restoreBackup.plan(seeing(facts), finding, settings);
}

const plan = (answer: PlanAnswer): Plan => {
	if (answer.kind !== 'plan') throw new Error(`no plan: ${answer.why.en}`);
	return answer;
};
const ids = ({steps}: Plan): string[] => steps.map(({step}) => step);
const input = (given: Plan, step: string): Record<string, unknown> =>
	given.steps.find(one => one.step === step)?.input ?? {};

const place = (kind: EarlierPlace['kind'], where: string): EarlierPlace => ({
	kind,
	where,
	project: 'shop',
	majorVersion: '15',
	initialisedAt: null,
});
const emptied = (...places: EarlierPlace[]): Changes => ({directory: volume, earlier: {rows: 0, places}});

test('earlier data in another volume is mounted again, after a look into it and without a copy', () => {
	const best = plan(planned('data-dir-emptied', emptied(place('volume', 'shop_pg'))));
	expect(ids(best).slice(0, 5)).toEqual([
		'save-evidence',
		'check-earlier-data',
		'stop-service',
		'remount-data',
		'start-database',
	]);
	expect(input(best, 'remount-data')).toMatchObject({
		at: '/var/lib/postgresql/data',
		place: {volume: 'shop_pg', destination: '/var/lib/postgresql/data'},
	});
	expect(best.confirm).toBeNull();
});

test('earlier data in another folder of the same mount needs PGDATA only', () => {
	const best = plan(planned('data-dir-emptied', emptied(place('mounted', '/var/lib/postgresql/data/old'))));
	expect(ids(best)).not.toContain('remount-data');
	expect(input(best, 'point-pgdata')).toMatchObject({path: '/var/lib/postgresql/data/old', file: compose});
});

test('of two places the user chooses', () => {
	const two = emptied(place('volume', 'shop_pg'), place('volume', 'shop_pg2'));
	expect(planned('data-dir-emptied', two)).toMatchObject({
		kind: 'asks',
		settings: [{key: 'from', choices: ['shop_pg', 'shop_pg2']}],
	});
	expect(input(plan(planned('data-dir-emptied', two, {from: 'shop_pg2'})), 'remount-data')).toMatchObject({
		place: {volume: 'shop_pg2'},
	});
	expect(planned('data-dir-emptied', two, {from: 'elsewhere'})).toMatchObject({kind: 'asks'});
});

test('a kept copy is copied once more, and its name is typed: its rows are older', () => {
	const best = plan(planned('corruption-wal', {directory: volume}, {}, ['shop_kept2', 'shop_kept1']));
	expect(ids(best)).toEqual([
		'save-evidence',
		'check-earlier-data',
		'stop-service',
		'copy-kept-data',
		'remount-data',
		'start-database',
		'return-services',
	]);
	expect(best.confirm?.name).toBe('shop_kept2');
	expect(input(best, 'check-earlier-data')).toMatchObject({volume: 'shop_kept2', copies: true});
	expect(input(best, 'remount-data')).toMatchObject({place: {beside: 'shop_new', mark: 'restored'}});
	expect(
		plan(planned('corruption-wal', {directory: volume}, {from: 'shop_kept1'}, ['shop_kept2', 'shop_kept1'])).confirm,
	).toMatchObject({name: 'shop_kept1'});
});

test('what is only damaged is not taken for left behind, and without a copy there is nothing to bring back', () => {
	expect(planned('corruption-wal', emptied(place('volume', 'shop_pg')))).toMatchObject({kind: 'not-applicable'});
	expect(planned('data-dir-emptied', {directory: {...volume, sharedWith: ['x/db']}})).toMatchObject({
		kind: 'not-applicable',
	});
});
