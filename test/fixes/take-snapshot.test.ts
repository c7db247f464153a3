import {expect, test} from 'vitest';
import type {Plan, PlanAnswer} from '../../source/core/fix.ts';
import {seeing} from '../../source/core/walk.ts';
import {type Changes, sampleFacts} from '../../source/diagnoses/samples.ts';
import {fixNamed} from '../../source/fixes/index.ts';
import {snapshotWanted, takeSnapshot} from '../../source/fixes/take-snapshot.ts';

const answer = (changes: Changes): PlanAnswer =>
	takeSnapshot.plan(seeing(sampleFacts(changes)), snapshotWanted('db'), {});
const plan = (changes: Changes): Plan => {
	const given = answer(changes);
	if (given.kind !== 'plan') throw new Error(JSON.stringify(given));
	return given;
};
const ids = ({steps}: Plan): string[] => steps.map(({step}) => step);

test('room is measured before anything stops, and everything that ran is started again', () => {
	const well = plan({directory: {kind: 'named-volume', source: 'docker_db-data'}});
	expect(ids(well)).toEqual([
		'save-evidence',
		'measure-data',
		'stop-database',
		'copy-data',
		'prove-snapshot',
		'start-database',
		'return-services',
	]);
	expect(well.steps[2]?.input).toMatchObject({clients: ['api', 'worker']});
	expect(well.confirm).toBeNull();
	expect(well.restarts).toEqual(['db', 'api', 'worker']);
});

test('nothing is ever emptied or renamed, wherever the data lies', () => {
	for (const directory of [{}, {path: '/var/lib/postgresql/data/pgdata'}]) {
		const {steps} = plan({directory});
		expect(steps.map(({step}) => step)).not.toContain('swap-data-directory');
		// Room for two more is needed: a bind mount is copied as well.
		expect(steps.find(({step}) => step === 'measure-data')?.input).toMatchObject({place: {method: 'copy'}});
		expect(steps.find(({step}) => step === 'copy-data')?.input).toMatchObject({onlyCopies: true});
	}
});

test('a stopped database is copied as it lies and stays stopped', () => {
	const stopped = plan({services: {db: {status: 'exited', exitCode: 0}}});
	expect(ids(stopped)).toEqual(['save-evidence', 'measure-data', 'copy-data', 'prove-snapshot']);
	expect(stopped.restarts).toEqual([]);
});

test('a server that does not come up is stopped for the copy, and nobody waits for it afterwards', () => {
	const looping = plan({services: {db: {status: 'restarting', restartCount: 4}}, readiness: {state: 'down'}});
	expect(ids(looping)).toContain('start-service');
	expect(ids(looping)).not.toContain('start-database');
	expect(looping.steps.find(({step}) => step === 'stop-database')?.input).toMatchObject({ailing: true});
});

test.each([
	['data in the container’s own layer', {directory: {kind: 'none', source: null, mountedAt: null}}],
	['nothing initialised', {directory: {majorVersion: null}}],
	['a second user of the data', {directory: {sharedWith: ['other/db']}}],
	['no container', {services: {db: {status: 'missing'}}}],
] satisfies [string, Changes][])('refused: %s', (_name, changes) => {
	expect(answer(changes)).toMatchObject({kind: 'not-applicable'});
});

test('a broken one is found again by its journal, and a finished one is nothing to take back', () => {
	expect(fixNamed('take-snapshot')).toBe(takeSnapshot);
	expect(takeSnapshot.done).toBeDefined();
});
