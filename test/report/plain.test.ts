import stringWidth from 'string-width';
import {describe, expect, test} from 'vitest';
import {paintFor} from '../../source/report/paint.ts';
import {plainReport} from '../../source/report/plain.ts';
import {healthy, plainly, report, stale, warning} from './sample.ts';

describe('a report as plain text', () => {
	test('names cause, evidence for and against, consequences, repairs with their command, and what is open', () => {
		const text = plainReport(report(), plainly());
		for (const part of [
			'✖ Root cause: The data directory keeps an older password',
			'stale-volume-password · access · db · certain',
			'+ for:     The password of api does not fit.',
			'- against: The volume is young.',
			'password-proof, 2026-11-2',
			'• api keeps restarting',
			'! Do not delete the volume: every row is lost.',
			'1. Change it in place (recommended, restarts services)',
			'compose-medic fix change-password --project shop',
			'compose-medic fix reset-volume --project shop',
			'? Nothing explains this yet',
			'• web was killed',
			'? Could not look',
			'• database-catalog db: no answer within 5 s',
			'resources: the database does not start',
			'Next, to see every command and change nothing:\n  compose-medic fix change-password --plan --project shop',
		])
			expect(text).toContain(part);
		expect(text.endsWith('\n')).toBe(true);
		expect(text).not.toContain('\x1b');
	});

	test('in Chinese', () => {
		const text = plainReport(report(), plainly({language: 'zh'}));
		for (const part of [
			'✖ 根本原因：数据目录里仍是旧密码',
			'确定',
			'+ 支持：api 的密码不匹配。',
			'推荐，会重启服务',
			'下一步，',
			'? 无法查看',
		])
			expect(text).toContain(part);
		expect(text).not.toMatch(/Root cause|Evidence|Next/);
	});

	test('several causes are numbered, most likely first', () => {
		const text = plainReport(report({diagnoses: [stale, warning]}), plainly());
		expect(text.indexOf('✖ Root cause 1/2')).toBeGreaterThan(-1);
		expect(text.indexOf('! Warning 2/2')).toBeGreaterThan(text.indexOf('✖ Root cause 1/2'));
		expect(text).toContain('by hand');
	});

	test('a healthy deployment is said to be well, an unknown one is not', () => {
		expect(plainReport(healthy(), plainly())).toContain('✔ Nothing is wrong: 1 questions asked');
		const unknown = plainReport(report({diagnoses: []}), plainly());
		expect(unknown).toContain('! No root cause found in 1 questions; 1 unexplained, 1 not looked at.');
		expect(unknown).not.toContain('✔');
	});

	test.each([40, 60, 80, 100])('nothing but commands is wider than %i columns', width => {
		for (const language of ['en', 'zh'] as const)
			for (const line of plainReport(report(), plainly({width, language})).split('\n'))
				if (!line.includes('compose-medic')) expect(stringWidth(line), line).toBeLessThanOrEqual(width);
	});

	test('colour adds nothing but colour', () => {
		const bare = plainReport(report(), plainly()).replaceAll('`', '');
		const coloured = plainReport(report(), plainly({paint: paintFor(true)}));
		expect(coloured).toContain('\x1b[');
		expect(coloured.replace(/\x1b\[\d+m/g, '').replaceAll('`', '')).toBe(bare);
	});
});
