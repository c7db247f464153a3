import {expect, test} from 'vitest';
import type {ServerHealth, Slot} from '../../source/core/server-health.ts';
import {walk} from '../../source/core/walk.ts';
import {type Changes, sampleFacts} from '../../source/diagnoses/samples.ts';
import type {LogEvent} from '../../source/probes/service-log.ts';
import type {StoredPage} from '../../source/probes/stored-page.ts';
import {labelOf} from '../../source/tree/answers.ts';
import {chapters} from '../../source/tree/index.ts';

/** What the sample's deployment was looked at. */
const now = '2026-01-02T03:04:05.000Z';
const hoursAgo = '2026-01-02T01:10:00.000Z';
const ill = {status: 'restarting', restartCount: 3, exitCode: 1} as const;

const found = (changes: Changes): string[] => {
	const result = walk(chapters, sampleFacts(changes), labelOf);
	expect(result.wants).toEqual([]);
	expect(result.stuck).toEqual([]);
	// What stands in only where nothing deeper is known is the services chapter's affair.
	return result.findings.filter(({lastResort}) => !lastResort).map(({id}) => id);
};

const error = (text: string, more: Partial<LogEvent> = {}): Partial<LogEvent> => ({severity: 'ERROR', text, ...more});

const waiting = (waited: number): Partial<ServerHealth> => ({
	sessions: [1, 2].map(pid => ({
		...{pid, role: 'postgres', database: 'dify', application: null, address: null},
		...{state: 'active', transaction: 60},
	})),
	waits: [{pid: 2, blocker: 1, waited}],
});

const slot = (change: Partial<Slot>): Partial<ServerHealth> => ({
	slots: [
		{
			...{name: 's', kind: 'physical', database: null, active: false},
			...{status: 'extended', retained: 9_000_000_000},
			...change,
		},
	],
});

const place = 'stored-page db base/16384/16390 3';
const page = (state: StoredPage['state'], relation: StoredPage['relation']): Record<string, StoredPage> => ({
	[place]: {path: 'base/16384/16390', block: 3, state, checksums: true, database: 'dify', relation},
});
const table = {name: 'messages', kind: 'table', table: null} as const;
const damaged = {db: [error('invalid page in block 3 of relation base/16384/16390')]};
const counted = {databases: [{name: 'dify', age: 9, multi: 1, failures: 2, failedAt: now}]};

const dirty: Changes['content'] = {
	bookkeeping: [{tool: 'golang-migrate', table: 'public.schema_migrations', version: '7', state: 'dirty'}],
};
const noVector = {'extension-offer db': [{name: 'plpgsql', superuser: true, trusted: true}]};
const wantsVector = error('extension "vector" is not available');

test.each<[string, Changes, string[]]>([
	['60 of 100 connections are not too many', {health: {connections: 60}}, []],
	['97 of 100 leave only the reserved ones', {health: {connections: 97}}, ['too-many-connections']],
	[
		'a refusal that is over, with nobody ill, is history',
		{logs: {api: [error('sorry, too many clients already')]}},
		[],
	],
	['a lock that is waited for shortly is every busy server’s', {health: waiting(4)}, []],
	['a lock that is waited for long is not', {health: waiting(5)}, ['locks-or-slow']],
	['one deadlock is no fault', {logs: {db: [error('deadlock detected')]}}, []],
	['a slot that is read keeps what it needs', {health: slot({active: true})}, []],
	['a slot that keeps little harms nobody', {health: slot({status: 'reserved', retained: 50_000_000})}, []],
	['a slot that is bounded can’t fill the disk', {health: {...slot({}), slotLimit: 20_000_000_000}}, []],
	['a lost slot is told, bounded or not', {health: {...slot({status: 'lost'}), slotLimit: 1}}, ['slot-retains-wal']],
	['a damaged page is told', {logs: damaged, facts: page('wrong-checksum', table)}, ['corruption-page']],
	['a page that is sound by now is history', {logs: damaged, facts: page('sound', table), health: counted}, []],
	['a table that was dropped since is history', {logs: damaged, facts: page('gone', null)}, []],
	['a table whose file is gone is not', {logs: damaged, facts: page('gone', table)}, ['corruption-page']],
	['a counter of checksum failures alone is enough to look', {health: counted}, ['corruption-page']],
	[
		'failures of last month are history',
		{health: {databases: [{name: 'dify', age: 9, multi: 1, failures: 2, failedAt: '2025-11-01T00:00:00Z'}]}},
		[],
	],
	[
		'vacuum that begins to freeze is on time',
		{health: {databases: [{name: 'dify', age: 220_000_000, multi: 1, failures: null, failedAt: null}]}},
		[],
	],
	[
		'multixacts run out as well',
		{health: {databases: [{name: 'dify', age: 9, multi: 1_500_000_000, failures: null, failedAt: null}]}},
		['wraparound-near'],
	],
	[
		'a standby that streams is well',
		{health: {standby: {follows: true, archive: false, receiver: {status: 'streaming', host: 'p'}, lag: 1}}},
		[],
	],
	[
		'a standby that is fed from an archive needs no receiver',
		{health: {standby: {follows: true, archive: true, receiver: null, lag: 60}}},
		[],
	],
	[
		'a subscription that somebody switched off is as wanted',
		{health: {subscriptions: [{name: 's', database: 'dify', enabled: false, working: false}]}},
		[],
	],
	[
		'one that the server switched off is not',
		{
			health: {subscriptions: [{name: 's', database: 'dify', enabled: false, working: false}]},
			logs: {db: [{severity: 'LOG', text: 'subscription "s" has been disabled because of an error'}]},
		},
		['replication-broken'],
	],
	['an extension that somebody tried by hand concerns no client', {logs: {db: [wantsVector]}}, []],
	[
		'an extension that was created since is history',
		{
			services: {api: ill},
			logs: {db: [wantsVector]},
			content: {extensions: [{name: 'vector', version: '0.7', available: true}]},
			facts: noVector,
		},
		[],
	],
	[
		'what a superuser may do is no lack of rights',
		{
			services: {api: ill},
			logs: {db: [error('permission denied to create extension "vector"')]},
			facts: {'extension-offer db': [{name: 'vector', superuser: true, trusted: false}]},
		},
		['extension-missing'],
	],
	[
		'a type names its extension',
		{
			services: {api: ill},
			logs: {db: [error('type "vector" does not exist')]},
			facts: {'extension-offer db': [{name: 'vector', superuser: true, trusted: true}]},
		},
		['extension-missing'],
	],
	[
		'a table that came later is history',
		{services: {api: ill}, logs: {api: [error('relation "accounts" does not exist')]}},
		[],
	],
	[
		'a client that runs and complained hours ago is well',
		{
			logs: {
				db: [error('relation "extras" does not exist', {at: hoursAgo})],
				api: [error('relation "extras" does not exist', {at: hoursAgo})],
			},
		},
		[],
	],
	[
		'a client that runs and complains now is not',
		{
			logs: {db: [error('relation "extras" does not exist')], api: [error('relation "extras" does not exist')]},
		},
		['schema-missing'],
	],
	[
		'a typing error in somebody’s psql concerns no client',
		{logs: {db: [error('relation "extars" does not exist')]}},
		[],
	],
	['a migration that runs is not a failed one', {content: dirty}, []],
	['a client that fails on a dirty database is', {content: dirty, services: {api: ill}}, ['migration-failed']],
	[
		'a log that speaks of migrations while an extension is missing has its cause there',
		{
			services: {api: ill},
			logs: {
				db: [wantsVector],
				api: [{text: 'Failed to execute database migration'}],
			},
			facts: noVector,
		},
		['extension-missing'],
	],
	[
		'one head of two is behind only when something tells so',
		{
			services: {api: {startedAt: '2026-01-02T03:03:00.000Z'}},
			facts: {'migration-files api': {all: ['64b051264f32', 'b'], heads: ['b']}},
		},
		[],
	],
])('%s', (_, changes, expected) => {
	expect(found(changes)).toEqual(expected);
});

test('a damaged page that can’t be looked at is suspected, not passed over', () => {
	const facts = new Map(sampleFacts({logs: damaged}));
	const why = {en: 'no answer within 20 s', zh: '20 秒内没有回答'};
	facts.set(place, {state: 'unknown', why, at: now, ms: 20_000});
	const {findings} = walk(chapters, facts, labelOf);
	expect(findings.map(({id, certainty}) => [id, certainty])).toEqual([['corruption-page', 'possible']]);
	expect(findings[0]?.because[0]?.says.en).toContain('invalid page in block 3');
});
