import {readdirSync, readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import type {Diagnosis, Scope} from '../../source/core/diagnosis.ts';
import {walk} from '../../source/core/walk.ts';
import {sampleFacts} from '../../source/diagnoses/samples.ts';
import {fixes} from '../../source/fixes/index.ts';
import {faults} from '../../source/lab/faults/index.ts';
import {labelOf} from '../../source/tree/answers.ts';
import {contractIds} from '../../source/tree/contract.ts';
import {chapters} from '../../source/tree/index.ts';

const leaves = [...new Map(chapters.flatMap(({leaves}) => leaves).map(leaf => [leaf.id, leaf])).values()];
const files = readdirSync('source/diagnoses').filter(name => name !== 'samples.ts');
const han = /\p{Script=Han}/u;
const commands = (text: string): string[] => [...text.matchAll(/`[^`]+`/g)].map(([match]) => match).sort();

/** Faults that no throwaway deployment can hold, and where they are provoked instead. */
const elsewhere: Record<string, string> = {
	'docker-unreachable':
		'no engine to hold a deployment: test/on-engine/engine-state.test.ts points at a socket that is not there',
	'docker-permission-denied':
		'no engine to hold a deployment: test/on-engine/engine-state.test.ts opens the socket as another user',
	'engine-too-old':
		'every new engine knows more, so that no file is refused for ever: test/on-engine/engine-too-old.test.ts asks an old one for an image as a volume',
	'host-memory-pressure':
		'it would take the memory of the whole machine, and with it the tests: its examples hold what the kernel counts then',
};

const asScope = (leaf: Diagnosis<never>): Diagnosis<Scope> => leaf as unknown as Diagnosis<Scope>;

test('the tree holds a leaf for every diagnosis file, and a file for every leaf', () => {
	expect(leaves.map(({id}) => `${id}.ts`).sort()).toEqual(files.sort());
});

test('no two diagnoses carry the same name', () => {
	for (const language of ['en', 'zh'] as const) {
		const names = leaves.map(({name}) => name[language]);
		expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
	}
});

test('every id of the contract has its leaf', () => {
	const ids = new Set(leaves.map(({id}) => id));
	expect(contractIds.filter(id => !ids.has(id))).toEqual([]);
});

test('the healthy sample walks to no leaf and needs nothing more', () => {
	const result = walk(chapters, sampleFacts(), labelOf);
	expect(result.findings.map(({id}) => id)).toEqual([]);
	expect(result.wants).toEqual([]);
	expect(result.stuck).toEqual([]);
});

describe.each(leaves.map(leaf => [leaf.id, asScope(leaf)] as const))('%s', (id, leaf) => {
	test('each of its examples walks to it, first', () => {
		expect(leaf.examples.length).toBeGreaterThan(0);
		for (const example of leaf.examples) {
			const result = walk(chapters, example(), labelOf);
			expect(result.findings.map(finding => finding.id)).toContain(id);
			expect(result.findings.every(({because}) => because.length > 0)).toBe(true);
		}
	});

	test('speaks both languages with the same commands on both sides', () => {
		const found = walk(chapters, leaf.examples[0]?.() ?? sampleFacts(), labelOf).findings.find(
			finding => finding.id === id,
		);
		const texts = [
			leaf.name,
			found?.title,
			...leaf.lookAlikes.map(({tell}) => tell),
			leaf.about,
			leaf.beware,
			leaf.noFix,
			...(found?.because.map(({says}) => says) ?? []),
		].filter(text => text != null);
		for (const text of texts) {
			expect(text.en).not.toMatch(han);
			expect(text.zh).toMatch(han);
			expect(commands(text.zh)).toEqual(commands(text.en));
		}
	});

	test('tells itself from at least one look-alike, each a diagnosis of its own', () => {
		const alike = leaf.lookAlikes.map(({id}) => id);
		expect(alike.length).toBeGreaterThan(0);
		expect(new Set(alike).size).toBe(alike.length);
		expect(alike).not.toContain(id);
		const known = new Set([...contractIds, ...leaves.map(other => other.id)]);
		expect(alike.filter(other => !known.has(other))).toEqual([]);
	});

	test('offers a fix of the catalogue or says why there is none', () => {
		if (leaf.fixes.length === 0) expect(leaf.noFix).toBeTruthy();
		for (const fix of leaf.fixes) expect(fixes).toContain(fix);
	});

	test('has a lab fault, or a reason why it can’t be provoked there', () => {
		const provoked = faults.some(({expects}) => expects[0]?.id === id || expects.some(expected => expected.id === id));
		expect(provoked || Boolean(elsewhere[id])).toBe(true);
	});
});

test('every answer of every question has a branch and words', () => {
	type Any = (typeof chapters)[number]['root'];
	const visit = (node: Any): void => {
		if (node.kind === 'all') node.nodes.forEach(visit);
		if (node.kind !== 'ask') return;
		for (const [answer, next] of Object.entries(node.branches)) {
			expect(labelOf(answer).zh).not.toBe('');
			visit(next);
		}
	};
	for (const {root} of chapters) visit(root);
});

describe('the house', () => {
	const walkFolder = (folder: string): string[] =>
		readdirSync(folder, {withFileTypes: true}).flatMap(entry =>
			entry.isDirectory() ? walkFolder(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`],
		);
	const sources = walkFolder('source').filter(name => /\.tsx?$/.test(name));

	test('pure folders import nothing that touches the world', () => {
		const pure = sources.filter(name => /^source\/(core|tree|diagnoses|fixes|ui|logs|messages)\//.test(name));
		const effects = /from '(?:dockerode|pg|node:fs|node:fs\/promises|node:child_process)'|from '[./]*world\//;
		expect(pure.filter(name => effects.test(readFileSync(name, 'utf8')))).toEqual([]);
	});

	test('secrets are opened in the world and in the SCRAM arithmetic only', () => {
		const opened = sources.filter(name =>
			/(?<!\b(?:this|consultation|screen))\.open\(\)/.test(readFileSync(name, 'utf8')),
		);
		expect(
			opened.filter(name => !/^source\/world\/|^source\/core\/(scram|mangling|redact|dsn|password-shape)/.test(name)),
		).toEqual([]);
	});

	test('file names are kebab-case', () => {
		expect(sources.filter(name => !/^[a-z0-9-]+\.tsx?$/.test(name.split('/').at(-1) ?? ''))).toEqual([]);
	});
});

describe('fixes', () => {
	test.each(fixes.map(fix => ({id: fix.id, fix})))(
		'$id says what it does, and what it does not protect against, in both languages',
		({fix}) => {
			for (const text of [fix.title, fix.about, fix.limits, ...fix.settings.map(({says}) => says)]) {
				expect(text.en).not.toMatch(han);
				expect(text.zh).toMatch(han);
				expect(commands(text.zh)).toEqual(commands(text.en));
			}
		},
	);

	test('none weakens security to cure', () => {
		const folders = ['source/fixes', 'source/steps', 'source/world'];
		const weak = folders
			.flatMap(walkTree)
			.filter(name => /0777|\bchmod 777|--publish|NetworkMode: 'host'/.test(readFileSync(name, 'utf8')));
		expect(weak).toEqual([]);
	});
});

function walkTree(folder: string): string[] {
	return readdirSync(folder, {withFileTypes: true}).flatMap(entry =>
		entry.isDirectory() ? walkTree(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`],
	);
}
