import {expect, test} from 'vitest';
import type {Finding} from '../../source/core/diagnosis.ts';
import type {Plan, PlanAnswer} from '../../source/core/fix.ts';
import {seeing} from '../../source/core/walk.ts';
import {type Changes, sampleFacts} from '../../source/diagnoses/samples.ts';
import {resetVolume} from '../../source/fixes/reset-volume.ts';

const finding = {
	id: 'stale-volume-password',
	affects: ['api', 'worker'],
	hands: [{database: 'db', credential: 'api', service: 'api', user: 'postgres', databaseName: 'dify'}],
} as Partial<Finding> as Finding;

const answer = (changes: Changes): PlanAnswer => resetVolume.plan(seeing(sampleFacts(changes)), finding, {});
const plan = (changes: Changes): Plan => {
	const given = answer(changes);
	if (given.kind !== 'plan') throw new Error(JSON.stringify(given));
	return given;
};
const ids = ({steps}: Plan): string[] => steps.map(({step}) => step);

const data = '/var/lib/postgresql/data';
const swapped = [
	'save-evidence',
	'measure-data',
	'stop-database',
	'swap-data-directory',
	'start-database',
	'return-services',
];
const copied = [
	'save-evidence',
	'measure-data',
	'stop-database',
	'copy-data',
	'prove-snapshot',
	'empty-data-directory',
	'start-database',
	'return-services',
];

test('a bind mount is renamed on the host, and its path is what must be typed', () => {
	const bind = plan({});
	expect(ids(bind)).toEqual(swapped);
	expect(bind.confirm?.name).toBe('./volumes/db/data');
	expect(bind.steps[3]?.input).toMatchObject({place: {method: 'swap-parent', source: '/srv/shop/volumes/db/data'}});
	expect(bind.steps[2]?.input).toMatchObject({clients: ['api', 'worker']});
});

test('PGDATA in a folder below its mount is renamed there, whatever the mount is', () => {
	const below = {path: `${data}/pgdata`, mountedAt: data};
	expect(plan({directory: below}).steps[3]?.input).toMatchObject({place: {method: 'swap-inside'}});
	const volume = plan({directory: {...below, kind: 'named-volume', source: 'docker_db-data'}});
	expect(ids(volume)).toEqual(swapped);
	expect(volume.confirm?.name).toBe('docker_db-data');
});

test.each([
	['named-volume', 'docker_db-data', 'docker_db-data'],
	['external-volume', 'shared', 'shared'],
	['anonymous-volume', 'f'.repeat(64), 'f'.repeat(12)],
] as const)('the root of a %s is copied and proven before it is emptied', (kind, source, name) => {
	const copy = plan({directory: {kind, source}});
	expect(ids(copy)).toEqual(copied);
	expect(copy.confirm?.name).toBe(name);
});

test.each([
	['data in the container’s own layer', {directory: {kind: 'none', source: null, mountedAt: null}}],
	['an external server', {directory: {kind: 'outside', source: null, mountedAt: null}}],
	['nothing initialised', {directory: {majorVersion: null}}],
	['a second user of the data', {directory: {sharedWith: ['other/db']}}],
	['no container', {services: {db: {status: 'missing'}}}],
] satisfies [string, Changes][])('refused: %s', (_name, changes) => {
	expect(answer(changes)).toMatchObject({kind: 'not-applicable'});
});
