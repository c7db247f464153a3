import {expect, test} from 'vitest';
import {say} from '../../source/core/say.ts';
import {markdownReport} from '../../source/report/markdown.ts';
import {healthy, report, stale} from './sample.ts';

const like = (rest: string): string => `compose-medic ${rest} --project shop`;

test('cause, evidence, repairs and the path', () => {
	const text = markdownReport(report(), 'en', like);
	for (const part of [
		'## Diagnosis of shop',
		'### 1. ✖ The data directory keeps an older password',
		'`stale-volume-password` · access · `db` · certain',
		'- for: The password of api does not fit.',
		'1. Change it in place (restarts services): `compose-medic fix change-password --project shop`',
		'- `database-catalog db`: no answer within 5 s',
		'<details><summary>Path through the tree</summary>',
	])
		expect(text).toContain(part);
});

test('what containers say can neither ping, nor draw, nor leave its fence', () => {
	const text = markdownReport(report(), 'en', like);
	const inside = text.slice(text.indexOf('````text'), text.lastIndexOf('````'));
	expect(inside).toContain('Killed | <b>@all</b>');
	const title = markdownReport(
		report({diagnoses: [{...stale, title: say('<img src=x> @all *bold*', '标题')}]}),
		'en',
		like,
	);
	expect(title).toContain('\\<img src=x\\>');
	expect(title).not.toContain('@all *');
	expect(title).toContain('\\*bold\\*');
});

test('a healthy deployment', () => {
	expect(markdownReport(healthy(), 'zh', like)).toContain('✔ 一切正常。');
});
