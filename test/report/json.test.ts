import {describe, expect, test} from 'vitest';
import {opposes} from '../../source/core/diagnosis.ts';
import type {DiagnosisReport} from '../../source/core/report.ts';
import {say} from '../../source/core/say.ts';
import {exitCode, Trouble} from '../../source/core/trouble.ts';
import {diagnosisJson, errorJson} from '../../source/report/json.ts';
import {only, verdict} from '../../source/report/verdict.ts';
import {at, healthy, report, stale, warning} from './sample.ts';

describe('compose-medic/diagnosis@1', () => {
	test('has every field of the contract, in the chosen language', () => {
		expect(JSON.parse(JSON.stringify(diagnosisJson(report(), 'zh')))).toEqual({
			schema: 'compose-medic/diagnosis@1',
			target: {kind: 'compose', project: 'shop', stack: 'dify'},
			observedAt: at,
			symptoms: [
				{
					id: 'api:restarting',
					service: 'api',
					kind: 'restarting',
					says: 'api 反复重启',
					lines: ['FATAL:  password authentication failed'],
					explainedBy: ['stale-volume-password'],
				},
				expect.objectContaining({id: 'web:killed', explainedBy: []}),
			],
			diagnoses: [
				{
					id: 'stale-volume-password',
					chapter: 'access',
					service: 'db',
					severity: 'failure',
					certainty: 'certain',
					title: '数据目录里仍是旧密码',
					about: stale.about.zh,
					beware: stale.beware?.zh,
					because: [
						{for: true, says: 'api 的密码不匹配。', source: 'password-proof', at},
						{for: false, says: '卷很新。', source: 'data-directory', at: null},
					],
					affects: ['api', 'worker'],
					fixes: [
						{id: 'change-password', title: '就地修改密码', risk: 'restarts', recommended: true},
						{id: 'reset-volume', title: '重新开始', risk: 'destroys-data', recommended: false},
					],
					noFix: null,
				},
			],
			unexplained: ['web:killed'],
			unknown: [{probe: 'database-catalog db', why: '5 秒内没有回答'}],
			skipped: [{chapter: 'resources', why: '数据库没有启动'}],
			path: [{chapter: 'access', subject: 'api', question: '密码是否匹配？', answer: '否'}],
		});
	});

	test('unknown values are null, never left out', () => {
		const evidence = opposes(say('x', 'x'), 'probe');
		const json = JSON.stringify(
			diagnosisJson(report({diagnoses: [{...stale, subject: null, beware: null, because: [evidence]}]}), 'en'),
		);
		expect(json).toContain('"service":null');
		expect(json).toContain('"beware":null');
		expect(json).toContain('"at":null');
	});

	test('what a diagnosis hands to its fixes stays inside', () => {
		expect(JSON.stringify(diagnosisJson(report(), 'en'))).not.toContain('hands');
	});
});

test('an error is one object with what, why and next', () => {
	const trouble = new Trouble('no-such-project', say('what', '什么'), {
		next: say('next', '下一步'),
		exitCode: exitCode.usage,
	});
	expect(errorJson(trouble, 'zh')).toEqual({
		schema: 'compose-medic/error@1',
		error: {code: 'no-such-project', what: '什么', why: null, next: '下一步'},
	});
});

describe('the exit code of a report', () => {
	test.each([
		['all well', healthy(), 0],
		['a failure', report(), 3],
		['a failure beside a warning', report({diagnoses: [warning, stale]}), 3],
		['a warning', {...healthy(), diagnoses: [warning]}, 4],
		['something unexplained', {...healthy(), unexplained: ['web:killed']}, 4],
		['something unknown', {...healthy(), unknown: report().unknown}, 4],
		['a silent engine', {...healthy(), diagnoses: [{...stale, id: 'docker-unreachable'}]}, 10],
		['a closed engine', {...healthy(), diagnoses: [{...stale, id: 'docker-permission-denied'}]}, 10],
	] satisfies [string, DiagnosisReport, number][])('%s', (_, given, code) => {
		expect(verdict(given)).toBe(code);
	});

	test('with --only: that diagnosis counts, and what could not be seen', () => {
		expect(verdict(only(report(), 'stale-volume-password'))).toBe(3);
		expect(verdict(only(report(), 'role-missing'))).toBe(4);
		expect(verdict(only(report({unknown: []}), 'role-missing'))).toBe(0);
		expect(only(report(), 'stale-volume-password').symptoms.map(({id}) => id)).toEqual(['api:restarting']);
	});
});
