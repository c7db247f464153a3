import {expect, test} from 'vitest';
import type {Finding} from '../../source/core/diagnosis.ts';
import type {PlanAnswer} from '../../source/core/fix.ts';
import {withoutValues} from '../../source/core/sql-text.ts';
import {seeing} from '../../source/core/walk.ts';
import {sampleFacts} from '../../source/diagnoses/samples.ts';
import {terminateBlockers} from '../../source/fixes/terminate-blockers.ts';
import type {RootSession} from '../../source/probes/root-sessions.ts';
import {endBlocker} from '../../source/steps/end-blocker.ts';

const finding = {id: 'locks-or-slow', subject: 'db', affects: ['api']} as Partial<Finding> as Finding;
const root: RootSession = {
	...{pid: 71, born: '2026-01-02T03:00:00.000000Z', kind: 'client backend', role: 'postgres', database: 'dify'},
	...{application: 'psql', address: '172.20.0.3', state: 'idle in transaction'},
	...{transaction: '2026-01-02T03:00:01.000000Z', query: 'update accounts set name = …'},
};
const seat = {role: 'postgres', database: 'dify', application: null, address: '172.20.0.3', state: 'active'};

function answer(change: Partial<RootSession> = {}, prepared: string[] = []): PlanAnswer {
	const health = {
		sessions: [71, 80].map(pid => ({...seat, pid, transaction: 300})),
		waits: [{pid: 80, blocker: 71, waited: 299}],
	};
	const facts = {'root-sessions db': {sessions: [{...root, ...change}], prepared}};
	return terminateBlockers.plan(seeing(sampleFacts({health, facts})), finding, {});
}

test('the session at the head of the queue is ended, in the transaction that was shown', () => {
	const given = answer();
	expect(given).toMatchObject({
		kind: 'plan',
		steps: [
			{step: 'save-evidence'},
			{step: 'end-blocker', input: {pid: 71, born: root.born}},
			{step: 'return-services'},
		],
	});
	const input = given.kind === 'plan' ? given.steps[1]?.input : {};
	const sql = endBlocker.like(input as Parameters<typeof endBlocker.like>[0]);
	expect(sql).toContain('a.backend_start = ');
	expect(sql).toContain('a.xact_start = ');
	expect(sql).not.toContain('pg_cancel_backend');
});

test('a statement that runs is asked to stop first', () => {
	const given = answer({state: 'active'});
	const input = given.kind === 'plan' ? given.steps[1]?.input : {};
	expect(endBlocker.like(input as Parameters<typeof endBlocker.like>[0])).toMatch(
		/pg_cancel_backend[\s\S]*pg_terminate_backend/,
	);
});

test.each([
	[
		'the autovacuum that prevents wraparound',
		{kind: 'autovacuum worker', query: 'autovacuum: VACUUM t (to prevent wraparound)'},
	],
	['any autovacuum', {kind: 'autovacuum worker', query: 'autovacuum: VACUUM t'}],
	['a walsender', {kind: 'walsender'}],
	['a session without a transaction', {transaction: null}],
	['who is not the one that others waited for', {pid: 99}],
])('%s is left alone', (_who, change) => {
	expect(answer(change)).toMatchObject({kind: 'not-applicable'});
});

test('a prepared transaction is named with what a person may do', () => {
	expect(JSON.stringify(answer({kind: 'walsender'}, ['order-7']))).toContain("ROLLBACK PREPARED 'order-7'");
});

test.each([
	["update t set a = 'O''Brien', b = 17 where c1 = $1 -- secret", 'update t set a = …, b = … where c1 = $…'],
	["select E'it''s' || $x$ body $x$ /* note */ from \"t2\"", 'select E… || … from "t2"'],
	["insert into t values ('cut off in the mid", 'insert into t values (…'],
])('%s is shown as %s', (sql, shown) => {
	expect(withoutValues(sql)).toBe(shown);
});
