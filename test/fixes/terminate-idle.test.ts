import {expect, test} from 'vitest';
import type {Finding} from '../../source/core/diagnosis.ts';
import type {PlanAnswer} from '../../source/core/fix.ts';
import type {IdleSession} from '../../source/core/idle-session.ts';
import {seeing} from '../../source/core/walk.ts';
import {sampleFacts} from '../../source/diagnoses/samples.ts';
import {terminateIdle} from '../../source/fixes/terminate-idle.ts';
import type {IdleSessions} from '../../source/probes/idle-sessions.ts';
import {endSessions} from '../../source/steps/end-sessions.ts';

const finding = {id: 'too-many-connections', subject: 'db', affects: ['api']} as Partial<Finding> as Finding;
const session: IdleSession = {
	...{pid: 30, born: '2026-01-02T03:00:00.000000Z', role: 'postgres', database: 'dify', application: 'pool'},
	...{address: '172.20.0.3', state: 'idle', since: '2026-01-02T03:01:00.000000Z', idle: 240, kept: false},
};

const answer = (sessions: Partial<IdleSession>[], settings = {}, more: Partial<IdleSessions> = {}): PlanAnswer => {
	const looked = {kind: 'read', sessions: sessions.map(change => ({...session, ...change})), ...more};
	return terminateIdle.plan(seeing(sampleFacts({facts: {'idle-sessions db': looked}})), finding, settings);
};
const pids = (given: PlanAnswer): number[] | string =>
	given.kind === 'plan'
		? given.steps
				.flatMap(({step, input}) => (step === 'end-sessions' ? (input['sessions'] as {pid: number}[]) : []))
				.map(({pid}) => pid)
		: 'none';

test('those that are idle for long are ended, each named with program, client and state', () => {
	const given = answer([{}, {pid: 31, idle: 3}, {pid: 32, state: 'idle in transaction'}, {pid: 33, kept: true}]);
	expect(pids(given)).toEqual([30]);
	const input = given.kind === 'plan' ? given.steps[1]?.input : {};
	const said = endSessions.says(input as Parameters<typeof endSessions.says>[0]);
	for (const part of ['postgres@', 'pool', 'pid 30', 'idle', '2026-01-02T03:01:00Z']) expect(said.en).toContain(part);
});

test('those inside a transaction only when that was asked for', () => {
	const open = {state: 'idle in transaction'};
	expect(pids(answer([open], {transactions: 'end'}))).toEqual([30]);
	expect(JSON.stringify(answer([open]))).toContain('transactions=end');
});

test('the age can be chosen; a wrong one is refused, and so is nothing to end', () => {
	expect(pids(answer([{idle: 5}], {'older-than': '5'}))).toEqual([30]);
	expect(answer([{}], {'older-than': 'an hour'})).toMatchObject({kind: 'not-applicable'});
	expect(answer([])).toMatchObject({kind: 'not-applicable'});
});

test('a server that is full to the last slot is asked by signal, without its catalog', () => {
	const given = answer([{born: '9000', since: null}], {}, {kind: 'processes', watched: 5} as Partial<IdleSessions>);
	expect(given).toMatchObject({kind: 'plan', steps: [{}, {input: {way: null}}, {}]});
});

test('exactly the session that was shown is ended: pid, start, state and moment', () => {
	const sql = endSessions.like({
		service: 'db',
		way: {route: 'socket', via: null, superuser: 'postgres'},
		sessions: [{pid: 30, born: session.born, state: 'idle', since: session.since, who: ''}],
	});
	for (const part of ['a.backend_start = shown.born', 'a.state = shown.state', 'a.state_change = shown.since'])
		expect(sql).toContain(part);
	expect(sql).toContain("a.backend_type = 'client backend'");
});
