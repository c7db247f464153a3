import {describe, expect, test} from 'vitest';
import type {Context} from '../../source/commands/context.ts';
import {run as diagnose} from '../../source/commands/diagnose.ts';
import {run as explain} from '../../source/commands/explain.ts';
import {readOptions} from '../../source/commands/options.ts';
import {leaves} from '../../source/commands/registry.ts';
import type {Language} from '../../source/core/say.ts';
import {widthOf} from '../../source/core/width.ts';
import {fixes} from '../../source/fixes/index.ts';
import {paintFor} from '../../source/report/paint.ts';
import {cli} from '../helpers/cli.ts';

const han = /\p{Script=Han}/u;

type Way = {language?: Language; width?: number; flags?: Record<string, unknown>};

/** Runs one command on the tree itself: no world, and nothing to open one with. */
async function print(command: typeof explain, words: string[], {language = 'en', width = 100, flags = {}}: Way = {}) {
	let text = '';
	const context = {
		options: readOptions({...flags, lang: language}, {}),
		words,
		language,
		out: {data: (more: string) => (text += more), paint: paintFor(false), width},
	} as unknown as Context;
	return {code: await command(context), text};
}

/** Wrapping moves blanks about, and nothing else. */
const squeezed = (text: string): string => text.replace(/\s+/g, '');

const views = (['en', 'zh'] as const).flatMap(language => [60, 100].map(width => ({language, width})));

describe.each(views)('in $language at $width columns', ({language, width}) => {
	const fits = (text: string): void => {
		for (const line of text.split('\n')) expect(widthOf(line), line).toBeLessThanOrEqual(width);
	};

	test.each(leaves().map(leaf => ({id: leaf.diagnosis.id, leaf})))(
		'explain $id says all that is known',
		async ({id, leaf}) => {
			const {diagnosis} = leaf;
			const {code, text} = await print(explain, [id], {language, width});
			expect(code).toBe(0);
			fits(text);
			const told = squeezed(text);
			const needed = [
				diagnosis.name,
				diagnosis.about,
				...(diagnosis.beware ? [diagnosis.beware] : []),
				...diagnosis.lookAlikes.map(({tell}) => tell),
				...diagnosis.fixes.flatMap(({title, about, limits}) => [title, about, limits]),
				...(diagnosis.fixes.length === 0 && diagnosis.noFix ? [diagnosis.noFix] : []),
			];
			for (const one of needed) expect(told).toContain(squeezed(one[language]));
			for (const {id: alike} of diagnosis.lookAlikes) expect(told).toContain(`\`${alike}\``);
			expect(text).toContain('  ? ');
			if (language === 'en') expect(text).not.toMatch(han);
			expect(text).not.toMatch(/undefined|⟦|\[object/);
		},
	);

	test.each(fixes.map(fix => ({id: fix.id, fix})))(
		'explain $id says what it does and where it ends',
		async ({id, fix}) => {
			const {code, text} = await print(explain, [id], {language, width});
			expect(code).toBe(0);
			fits(text);
			for (const one of [fix.title, fix.about, fix.limits, ...fix.settings.map(({says}) => says)])
				expect(squeezed(text)).toContain(squeezed(one[language]));
			for (const {diagnosis} of leaves().filter(({diagnosis}) => diagnosis.fixes.includes(fix)))
				expect(text).toContain(`\`${diagnosis.id}\``);
		},
	);

	test('explain alone and diagnose --list name every diagnosis, and explain every fix', async () => {
		const [index, list] = await Promise.all([
			print(explain, [], {language, width}),
			print(diagnose, [], {language, width, flags: {list: true}}),
		]);
		for (const {text} of [index, list]) {
			fits(text);
			for (const {diagnosis, chapterTitle} of leaves()) {
				expect(text).toMatch(new RegExp(`^ {2}${diagnosis.id}  `, 'm'));
				expect(squeezed(text)).toContain(squeezed(diagnosis.name[language]));
				expect(squeezed(text)).toContain(squeezed(chapterTitle[language]));
			}
		}
		for (const {id, title} of fixes) {
			expect(index.text).toContain(id);
			expect(squeezed(index.text)).toContain(squeezed(title[language]));
		}
		expect(list.text).toMatch(new RegExp(`exposed-to-internet +${language === 'en' ? 'warning' : '警告'}`));
	});
});

describe('as JSON', () => {
	test.each(leaves().map(({diagnosis}) => diagnosis))('explain $id has the whole page', async diagnosis => {
		const {text} = await print(explain, [diagnosis.id], {flags: {json: true}});
		const page = JSON.parse(text);
		expect(page).toMatchObject({
			schema: 'compose-medic/explain@1',
			id: diagnosis.id,
			kind: 'diagnosis',
			available: true,
			severity: diagnosis.severity,
			name: diagnosis.name.en,
			about: diagnosis.about.en,
			beware: diagnosis.beware?.en ?? null,
			lookAlikes: diagnosis.lookAlikes.map(({id, tell}) => ({id, tell: tell.en})),
			fixes: diagnosis.fixes.map(({id, limits}) => ({id, limits: limits.en})),
		});
		expect(page.paths.length).toBeGreaterThan(0);
		for (const path of page.paths) for (const {question, answer} of path) expect(question && answer).toBeTruthy();
	});

	test('diagnose --list has every diagnosis once, in the order of the tree', async () => {
		const {text} = await print(diagnose, [], {language: 'zh', flags: {list: true, json: true}});
		expect(JSON.parse(text)).toEqual({
			schema: 'compose-medic/diagnoses@1',
			diagnoses: leaves().map(({chapter, diagnosis}) => ({
				id: diagnosis.id,
				chapter,
				severity: diagnosis.severity,
				name: diagnosis.name.zh,
				fixes: diagnosis.fixes.map(({id}) => id),
			})),
		});
	});
});

test.each([
	[['explain', 'stale-volume-password']],
	[['explain', 'change-password', '--json']],
	[['diagnose', '--list']],
])('the program itself answers %j without any engine', {timeout: 60_000}, async argv => {
	const run = await cli([...argv, '--host', 'unix:///nonexistent/docker.sock']);
	expect(run.stderr).toBe('');
	expect(run.code).toBe(0);
	expect(run.stdout.length).toBeGreaterThan(500);
});
