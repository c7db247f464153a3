import {describe, expect, test} from 'vitest';
import type {Finding} from '../../source/core/diagnosis.ts';
import {assume, moved} from '../../source/core/fingerprint.ts';
import type {DiagnosisReport} from '../../source/core/report.ts';
import {say} from '../../source/core/say.ts';
import {seeing} from '../../source/core/walk.ts';
import {sampleFacts} from '../../source/diagnoses/samples.ts';
import {judge} from '../../source/engine/verify.ts';

const finding = (id: string, change: Partial<Finding> = {}): Finding => ({
	id,
	chapter: 'access',
	subject: 'db',
	severity: 'failure',
	certainty: 'certain',
	title: say(id, id),
	about: say('x', '某'),
	beware: null,
	because: [],
	affects: ['api'],
	fixes: [],
	noFix: null,
	hands: [],
	...change,
});

const report = (diagnoses: Finding[], more: Partial<DiagnosisReport> = {}): DiagnosisReport => ({
	target: {kind: 'compose', project: 'shop', stack: 'generic'},
	observedAt: '',
	symptoms: [],
	diagnoses,
	unexplained: [],
	unknown: [],
	skipped: [],
	path: [],
	...more,
});

const stale = finding('stale-volume-password');
const mild = {risk: 'changes-data'} as const;
const against = (
	after: DiagnosisReport,
	before = report([stale]),
	fix: {risk: 'changes-data' | 'destroys-data'} = mild,
): string[] => judge(stale, fix, before, after).against.map(({en}) => en);

describe('a cure is proven only when', () => {
	test('the diagnosis is gone, also from whoever else it was about', () => {
		expect(against(report([]))).toEqual([]);
		expect(against(report([stale]))[0]).toContain('still there');
		expect(against(report([finding('stale-volume-password', {subject: 'other'})]))[0]).toContain('still there');
		expect(against(report([finding('stale-volume-password', {subject: 'other', affects: ['shop']})]))).not.toEqual([]);
	});

	test('it was looked for', () => {
		expect(against(report([], {unknown: [{probe: 'password-proof db', why: say('x', '某')}]}))[0]).toContain(
			'password-proof db',
		);
		expect(against(report([], {skipped: [{chapter: 'access', why: say('db does not run', 'db 未运行')}]}))).toEqual([
			'db does not run',
		]);
		const before = report([stale], {skipped: [{chapter: 'access', why: say('old_db does not run', 'x')}]});
		expect(against(report([], {skipped: before.skipped}), before)).toEqual([]);
	});

	test('nothing new is wrong, while what was wrong before may stay', () => {
		const oom = finding('oom-killed', {subject: 'web', affects: ['web'], chapter: 'resources'});
		expect(against(report([oom]), report([stale, oom]))).toEqual([]);
		expect(against(report([oom]))[0]).toContain('oom-killed');
		expect(against(report([{...oom, severity: 'warning'}]))).toEqual([]);
		expect(against(report([{...oom, certainty: 'possible'}]))).toEqual([]);
	});

	test('what it stood in front of comes to light, unless the fix made it', () => {
		const missing = finding('database-missing');
		expect(judge(stale, mild, report([stale]), report([missing]))).toMatchObject({
			against: [],
			uncovered: [{id: 'database-missing'}],
		});
		expect(against(report([missing]), report([stale]), {risk: 'destroys-data'})[0]).toContain('database-missing');
		expect(against(report([finding('host-not-resolvable', {chapter: 'network'})]))).not.toEqual([]);
	});
});

test('a fingerprint tells what has moved, in words, and nothing else', () => {
	const see = seeing(sampleFacts({files: {hashes: {'/srv/shop/.env': 'aa'}}}));
	const assumes = assume(see, {services: ['db', 'nobody'], files: ['/srv/shop/.env', '/elsewhere'], database: 'db'});
	expect(Object.keys(assumes)).toEqual(['container:db', 'image:db', 'file:/srv/shop/.env', 'system-identifier:db']);
	expect(moved(assumes, key => assumes[key] ?? null)).toEqual([]);
	expect(moved(assumes, key => (key.startsWith('file:') ? 'bb' : (assumes[key] ?? null))).map(({en}) => en)).toEqual([
		'`/srv/shop/.env` was edited',
	]);
	expect(moved(assumes, () => null).length).toBe(4);
});
