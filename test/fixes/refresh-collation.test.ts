import {expect, test} from 'vitest';
import {type CollationWork, roomFor, secondsFor} from '../../source/core/collation-work.ts';
import type {Finding} from '../../source/core/diagnosis.ts';
import type {PlanAnswer} from '../../source/core/fix.ts';
import {seeing} from '../../source/core/walk.ts';
import {sampleFacts} from '../../source/diagnoses/samples.ts';
import {canRefresh, refreshCollation} from '../../source/fixes/refresh-collation.ts';
import type {CollationVersion} from '../../source/probes/collation-versions.ts';

const finding = {id: 'collation-mismatch', subject: 'db', affects: ['db']} as Partial<Finding> as Finding;
const megabyte = 1024 ** 2;
const index = {index: 'public.orders_article', table: 'orders', bytes: 50 * megabyte, unique: true, concurrently: true};
const changed: CollationVersion = {database: 'dify', collation: 'en_US.utf8', recorded: '2.31', actual: '2.36'};

const facts = (versions: CollationVersion[], work: Partial<CollationWork> = {}, free = 1000 * megabyte) => {
	const none = {indexes: [], collations: [], partitioned: []};
	return sampleFacts({
		facts: {
			'collation-versions db': versions,
			'collation-work db/dify': {...none, ...work},
			'collation-work db/template1': none,
			'wal-room db': {size: 2000 * megabyte, free},
		},
	});
};
const answer = (...given: Parameters<typeof facts>): PlanAnswer =>
	refreshCollation.plan(seeing(facts(...given)), finding, {});

test('indexes first, the version after them, and databases without any only get the version', () => {
	const given = answer([changed, {...changed, database: 'template1'}], {indexes: [index]});
	expect(given).toMatchObject({
		kind: 'plan',
		restarts: [],
		steps: [
			{step: 'save-evidence'},
			{step: 'reindex-collation', input: {database: 'dify', indexes: [{index: index.index, concurrently: true}]}},
			{step: 'refresh-collation', input: {database: 'dify', own: true, collations: []}},
			{step: 'refresh-collation', input: {database: 'template1'}},
		],
	});
});

test('what PostgreSQL can’t rebuild beside others keeps writers out, and the step says so', () => {
	const given = answer([changed], {indexes: [{...index, concurrently: false}]});
	expect(given).toMatchObject({steps: [{}, {input: {indexes: [{concurrently: false}]}}, {}]});
});

test('a disk without room for the largest index is refused', () => {
	expect(roomFor([index])).toBe(214 * megabyte);
	expect(secondsFor([index, index])).toBe(10);
	expect(answer([changed], {indexes: [index]}, 200 * megabyte)).toMatchObject({kind: 'not-applicable'});
});

test.each([
	['under musl, made elsewhere', {...changed, actual: null}],
	['made under musl', {...changed, recorded: null}],
])('a version that can’t be recorded is refused: %s', (_name, version) => {
	expect(canRefresh(seeing(facts([version])), 'db')).toBe(false);
	expect(JSON.stringify(answer([version]))).toContain('dump and restore');
});

test('tables partitioned by text are named, for no index tells what lies in the wrong partition', () => {
	expect(JSON.stringify(answer([changed], {partitioned: ['names']}))).toContain('`names`');
});
