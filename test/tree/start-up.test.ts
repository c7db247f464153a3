import {expect, test} from 'vitest';
import type {Fact} from '../../source/core/fact.ts';
import {walk} from '../../source/core/walk.ts';
import {type Changes, sampleFacts} from '../../source/diagnoses/samples.ts';
import {labelOf} from '../../source/tree/answers.ts';
import {startUp} from '../../source/tree/start-up.ts';

const found = (changes: Changes, more: Record<string, unknown> = {}) => {
	const facts = new Map(sampleFacts(changes));
	for (const [key, value] of Object.entries(more))
		facts.set(key, {state: 'known', value, at: '2026-01-02T03:04:05.000Z', ms: 1} as Fact);
	const result = walk(startUp, facts, labelOf);
	expect(result.wants).toEqual([]);
	expect(result.stuck).toEqual([]);
	return result.findings.map(({id}) => id);
};

const rival = {
	name: 'x',
	project: 'shop',
	service: 'old_db',
	startedAt: null,
	sharedBy: 'name',
	seen: true,
} as const;
const panic = {severity: 'PANIC', text: 'could not locate a valid checkpoint record'} as const;
const justNow = '2026-01-02T03:04:04.000Z';

test('two services of one deployment on one directory are told once', () => {
	const changes = {secondDatabase: true, directory: {otherServers: [rival]}};
	const own = sampleFacts(changes).get('data-directory db');
	const other = {...(own?.state === 'known' ? (own.value as object) : {}), otherServers: [{...rival, service: 'db'}]};
	expect(found(changes, {'data-directory old_db': other})).toEqual(['two-servers-one-volume']);
});

test('a second server matters only while both run, or when it has thrown the first one out', () => {
	const other = {directory: {otherServers: [{...rival, project: 'new', service: 'db'}]}};
	expect(found({...other, services: {db: {status: 'exited'}}})).toEqual([]);
	expect(found({...other, services: {db: {status: 'created'}}})).toEqual([]);
	expect(found({...other, services: {db: {status: 'restarting'}}})).toEqual(['two-servers-one-volume']);
});

test('a crash loop is caught between two crashes', () => {
	const looping = {db: {restartCount: 3, startedAt: justNow, exitCode: 0}};
	const log = {events: [], lastWords: [{at: justNow, detail: null, hint: null, pid: 1, ...panic}], since: justNow};
	const readiness = {state: 'no-answer', phase: 'starting', listens: null, port: null} as const;
	expect(found({services: looping, readiness}, {'service-log db': log})).toEqual(['corruption-wal']);
	// Without a reason it is only starting; with a server that answers, the reason is history.
	expect(found({services: looping, readiness})).toEqual(['starting-up']);
	expect(found({services: looping}, {'service-log db': log})).toEqual([]);
	// It fell while it was asked.
	expect(found({services: looping, readiness: {state: 'down'}}, {'service-log db': log})).toEqual(['corruption-wal']);
	expect(found({services: {db: {restartCount: 3}}, readiness}, {'service-log db': log})).toEqual(['starting-up']);
});

test('of a quick crash loop the good run before it is no sign that it starts', () => {
	const looping = {db: {restartCount: 3, startedAt: justNow, exitCode: 1}};
	const readiness = {state: 'no-answer', phase: 'starting', listens: null, port: null} as const;
	const line = (text: string, severity = 'LOG') => ({at: justNow, severity, text, detail: null, hint: null, pid: 1});
	const ready = line('database system is ready to accept connections');
	const stopped = line('database system is shut down');
	const refused = line('could not access file "pg_stat_statments": No such file or directory', 'FATAL');
	const said = (...lastWords: unknown[]) =>
		found({services: looping, readiness}, {'service-log db': {events: [], lastWords, since: justNow}});
	expect(said(ready, stopped, refused, stopped)).toEqual([]);
	expect(said(ready, line('Skipping initialization', 'info'), refused)).toEqual([]);
	// What it cried out in the run in which it was ready says nothing about its start.
	const cried = line('out of cheese', 'FATAL');
	expect(said(ready, cried, stopped)).toEqual(['starting-up']);
	expect(said(ready, stopped, cried)).toEqual([]);
});

test('a server that somebody stopped has nothing that keeps it from starting', () => {
	expect(found({services: {db: {status: 'exited', exitCode: 0}}})).toEqual([]);
	const log = [{text: 'database system was shut down'}, {text: 'invalid record length at 0/1: wanted 24, got 0'}];
	expect(found({services: {db: {status: 'exited', exitCode: 137}}, logs: {db: log}})).toEqual([]);
});

test('the entrypoint’s refusals come before the server’s', () => {
	const stopped = {db: {status: 'restarting', exitCode: 1}} as const;
	const empty = {majorVersion: null, initialisedAt: null};
	expect(
		found({
			services: stopped,
			directory: {...empty, entries: ['lost+found']},
			credentials: {db: {passwordFrom: 'none', sameAs: null, shape: null}},
		}),
	).toEqual(['superuser-password-missing']);
	expect(found({services: stopped, directory: {majorVersion: '13'}, logs: {db: [panic]}})).toEqual([
		'version-mismatch',
	]);
	expect(found({services: stopped, directory: {majorVersion: '13', imageMajor: null}})).toEqual([]);
	expect(found({services: stopped, directory: empty})).toEqual([]);
});

test('a control file that went missing from a directory at work is no broken first start', () => {
	const gone = {controlFile: false, control: null, segments: []};
	const services = {db: {status: 'exited', exitCode: 2}} as const;
	expect(found({services, cluster: {...gone, livedFor: 60}})).toEqual(['half-initialised']);
	expect(found({services, cluster: {...gone, livedFor: 90_000}})).toEqual(['corruption-wal']);
	expect(found({services, cluster: {relationMap: false, grewFor: 90_000}})).toEqual([]);
});

test('recovery is told from a first start, and from a standby', () => {
	const readiness = {state: 'rejecting', phase: 'recovery'} as const;
	const log = (text: string) => found({readiness, logs: {db: [{text}]}});
	expect(log('database system was not properly shut down; automatic recovery in progress')).toEqual(['crash-recovery']);
	expect(log('entering standby mode')).toEqual(['starting-up']);
});

const place = {
	kind: 'mounted',
	where: '/old',
	project: null,
	majorVersion: '15',
	initialisedAt: '2024-01-01T00:00:00.000Z',
} as const;

test.each([
	['what is in use is well filled', {places: [place], rows: 5000}],
	['nobody could count', {places: [place], rows: null}],
	['another major version: an upgrade', {places: [{...place, majorVersion: '14'}], rows: 0}],
	['it is the younger one', {places: [{...place, initialisedAt: '2026-01-01T00:00:00.000Z'}], rows: 0}],
])('older data is left alone: %s', (_, earlier) => {
	expect(found({earlier})).toEqual([]);
});

const made = {kind: 'role', name: 'reports', script: 'a.sql', exists: false} as const;
const ill = {worker: {status: 'restarting', restartCount: 4, exitCode: 1}} as const;
const scripts = (change: object) => ({
	scripts: [{name: 'a.sql', modifiedAt: '2026-01-01T00:00:00.000Z'}],
	makes: [{...made, ...change}],
});

test('skipped init scripts matter only when somebody misses what they make', () => {
	const wanting = {services: ill, credentials: {worker: {user: 'reports'}}};
	expect(found({...wanting, scripts: scripts({})})).toEqual(['init-scripts-skipped']);
	expect(found({...wanting, scripts: scripts({exists: true})})).toEqual([]);
	expect(found({...wanting, scripts: scripts({exists: null})})).toEqual([]);
	expect(found({services: ill, scripts: scripts({})})).toEqual([]);
	const asked = [{severity: 'ERROR' as const, text: 'relation "shop.orders" does not exist'}];
	expect(found({services: ill, logs: {db: asked}, scripts: scripts({kind: 'relation', name: 'orders'})})).toEqual([
		'init-scripts-skipped',
	]);
	// They ran, and what they made was dropped since.
	const firstStart = {seen: true, finished: true, script: null, says: null};
	expect(found({...wanting, scripts: scripts({}), firstStart})).toEqual([]);
	expect(found({...wanting, scripts: scripts({}), firstStart: {...firstStart, finished: false}})).toEqual([
		'init-script-failed',
	]);
});
