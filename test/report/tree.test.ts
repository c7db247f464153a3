import {readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {printedPages} from '../../media/printed.ts';
import {say} from '../../source/core/say.ts';
import {all, asking, chapter, nothing} from '../../source/core/walk.ts';
import {inGeneral, waysTo} from '../../source/core/ways.ts';
import {fixes} from '../../source/fixes/index.ts';
import {printedTree, withFindings} from '../../source/report/tree.ts';
import {labelOf} from '../../source/tree/answers.ts';
import {chapters} from '../../source/tree/index.ts';

const leaves = [...new Set(chapters.flatMap(({leaves}) => leaves))];
const pages = await printedPages();
const readme = readFileSync('README.md', 'utf8');
const section = readme.slice(readme.indexOf('## What it finds'), readme.indexOf('## What it keeps'));

describe('what is printed from the tree', () => {
	test.each(Object.entries(pages))('%s is fresh', (path, text) => {
		expect(readFileSync(path, 'utf8') === text, `${path} is stale: \`npm run tree\` prints it anew`).toBe(true);
	});

	test.each(['en', 'zh'] as const)(
		'the page in %s names every diagnosis and fix, and every link leads somewhere',
		language => {
			const page = pages[`media/tree.${language}.md`] ?? '';
			const anchors = new Set([...page.matchAll(/^### ([a-z0-9-]+)$/gm)].map(([, id]) => id));
			for (const {id, name} of leaves) {
				expect(anchors).toContain(id);
				expect(page).toContain(`→ [${name[language]}](#${id})`);
			}
			for (const {id} of fixes) expect(anchors).toContain(id);
			const targets = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, id]) => id);
			expect(targets.filter(id => !anchors.has(id))).toEqual([]);
			expect(page).not.toMatch(/undefined|\[object|⟦|⟧|NaN/);
		},
	);

	test('the README’s table of findings names every diagnosis, and its table of fixes every fix', () => {
		const missing = [...leaves, ...fixes].filter(({id}) => !new RegExp(`[| ,]${id}[ ,|]`).test(section));
		expect(missing.map(({id}) => id)).toEqual([]);
	});

	test('a README without the marks is an error, not a silent loss', () => {
		expect(() => withFindings('# compose-medic\n', chapters)).toThrow('lost the marks');
	});
});

describe('questions where no deployment is known', () => {
	test('name what they ask about in words, in both languages', () => {
		type Known = {credential: {service: string; host: string; port: number}; hostAddress: string; names: string[]};
		const question = ({credential, hostAddress, names}: Known) =>
			say(
				`${credential.service} asks \`${credential.host}:${credential.port}\` at ${hostAddress}: ${names.map(name => name.trim()).join(', ')}?`,
				`向 \`${credential.host}\` 提问的 ${credential.service} 是谁？`,
			);
		expect(inGeneral(question)).toEqual({
			en: 'The client asks the configured address at the host address: the names?',
			zh: '向所配置的主机提问的客户端是谁？',
		});
	});

	test('a leaf at the end of two ways has both, and answers that lead to one place stand together', () => {
		const [leaf] = leaves;
		if (!leaf) throw new Error('no leaf');
		const node = {kind: 'leaf', diagnosis: leaf} as never;
		const ask = asking<{subject: string | null}>();
		const tree = chapter(
			{id: 'a', title: say('A', '甲'), each: () => []},
			ask(say('First?', '一？'), () => 'yes' as 'yes' | 'no' | 'up', {
				yes: node,
				up: node,
				no: ask(say('Second?', '二？'), () => 'yes' as 'yes' | 'no', {yes: node, no: nothing}),
			}),
		);
		expect(waysTo([tree], leaf.id).map(way => way.map(({question, answers}) => [question.en, ...answers]))).toEqual([
			[['First?', 'yes', 'up']],
			[
				['First?', 'no'],
				['Second?', 'yes'],
			],
		]);
	});

	test('ways that differ in the answers to one question are one way, step by step', () => {
		const [leaf] = leaves;
		if (!leaf) throw new Error('no leaf');
		const node = {kind: 'leaf', diagnosis: leaf} as never;
		const ask = asking<{subject: string | null}>();
		const second = ask(say('Second?', '二？'), () => 'yes' as 'yes' | 'no' | 'up', {yes: node, up: node, no: nothing});
		const root = ask(say('First?', '一？'), () => 'yes' as 'yes' | 'no' | 'up', {
			yes: second,
			no: nothing,
			up: all(node, second),
		});
		const tree = chapter({id: 'a', title: say('A', '甲'), each: () => []}, root);
		expect(waysTo([tree], leaf.id).map(way => way.map(({question, answers}) => [question.en, ...answers]))).toEqual([
			[
				['First?', 'yes', 'up'],
				['Second?', 'yes', 'up'],
			],
			[['First?', 'up']],
		]);
		const page = printedTree({chapters: [tree], fixes: [], label: labelOf, language: 'en'});
		expect(page.match(/Second\?/g)).toHaveLength(2);
		expect(page).toContain('**Second?** as above');
	});

	test('of several things asked again, each is told once, and none is lost beside a new one', () => {
		const ask = asking<{subject: string | null}>();
		const question = (en: string) => ask(say(en, '问？'), () => 'yes', {yes: nothing});
		const [one, two, three] = [question('One?'), question('Two?'), question('Three?')];
		const root = ask(say('First?', '一？'), () => 'yes' as 'yes' | 'no' | 'up', {
			yes: all(one, two),
			no: all(one, two),
			up: all(three, one),
		});
		const tree = chapter({id: 'a', title: say('A', '甲'), each: () => []}, root);
		const page = printedTree({chapters: [tree], fixes: [], label: labelOf, language: 'en'});
		expect(page).toContain('- the 2 questions above');
		expect(page).toContain('- **Three?**\n      - yes\n    - **One?** as above');
	});

	test('every diagnosis of the tree has at least one way to it', () => {
		expect(leaves.filter(({id}) => waysTo(chapters, id).length === 0).map(({id}) => id)).toEqual([]);
	});
});
