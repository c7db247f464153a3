import {readdirSync, readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import type {Finding} from '../../source/core/diagnosis.ts';
import type {Facts} from '../../source/core/fact.ts';
import type {Fix, Plan} from '../../source/core/fix.ts';
import {risks} from '../../source/core/fix.ts';
import type {Text} from '../../source/core/say.ts';
import {seeing, walk} from '../../source/core/walk.ts';
import {Need, Stuck} from '../../source/core/walk-signals.ts';
import {sampleFacts} from '../../source/diagnoses/samples.ts';
import {showSteps} from '../../source/engine/plan.ts';
import {fixes} from '../../source/fixes/index.ts';
import {snapshotWanted, takeSnapshot} from '../../source/fixes/take-snapshot.ts';
import {steps} from '../../source/steps/index.ts';
import {labelOf} from '../../source/tree/answers.ts';
import {chapters} from '../../source/tree/index.ts';
import {cures} from '../helpers/cures/index.ts';

// The rules that hold for every fix, whoever writes the next one.

const han = /\p{Script=Han}/u;
const commands = ({en, zh}: Text): [string[], string[]] => {
	const ticked = (text: string): string[] => [...text.matchAll(/`[^`]+`/g)].map(([match]) => match).sort();
	return [ticked(en), ticked(zh)];
};

/** Text that only repeats a name, a line or a number is the same in both languages. */
function speaksBoth(text: Text): void {
	expect(text.en.trim()).not.toBe('');
	expect(text.en).not.toMatch(han);
	if (text.en !== text.zh) expect(text.zh).toMatch(han);
	const [en, zh] = commands(text);
	expect(zh).toEqual(en);
}

type Planned = {fix: Fix; finding: Finding; plan: Plan};

const leaves = [...new Map(chapters.flatMap(({leaves}) => leaves).map(leaf => [leaf.id, leaf])).values()];

function planned(fix: Fix, finding: Finding, facts: Facts): Planned | null {
	const settings = Object.fromEntries(fix.settings.filter(({secret}) => secret).map(({key}) => [key, '•']));
	for (const given of [{}, settings]) {
		try {
			const plan = fix.plan(seeing(facts), finding, given);
			if (plan.kind === 'plan') return {fix, finding, plan};
		} catch (error) {
			if (!(error instanceof Need || error instanceof Stuck)) throw error;
		}
	}
	return null;
}

const compose = '/srv/shop/docker-compose.yaml';
const origins = ['api', 'worker'].flatMap(service =>
	['DB_USERNAME', 'DB_PASSWORD', 'DB_HOST', 'DB_PORT', 'DB_DATABASE'].map(variable => ({
		service,
		variable,
		names: [],
		whole: true,
		literal: true,
		file: compose,
		line: 1,
	})),
);

/** The examples say nothing of files that no question asks for; fixes write to them. */
function withFiles(facts: Facts): Facts {
	const fact = facts.get('compose-files');
	if (fact?.state !== 'known' || (fact.value as {origins: unknown[]}).origins.length > 0) return facts;
	const value = {...(fact.value as object), composeFiles: [compose], hashes: {[compose]: 'aa'}, origins};
	return new Map(facts).set('compose-files', {...fact, value});
}

/** Every plan that the examples of the diagnoses give, and that of a snapshot, for which nothing has to be wrong. */
const plans: Planned[] = [
	...leaves.flatMap(leaf =>
		(leaf.examples as readonly (() => Facts)[]).flatMap(example => {
			const facts = withFiles(example());
			const found = walk(chapters, facts, labelOf).findings.find(({id}) => id === leaf.id);
			return found ? leaf.fixes.flatMap(fix => planned(fix, found, facts) ?? []) : [];
		}),
	),
	...[planned(takeSnapshot, snapshotWanted('db'), sampleFacts())].flatMap(one => one ?? []),
];

const sourceOf = (folder: string, id: string): string => readFileSync(`source/${folder}/${id}.ts`, 'utf8');

test('every file of a fix or a step is in its list, and the other way round', () => {
	const files = (folder: string): string[] =>
		readdirSync(`source/${folder}`)
			.filter(name => name.endsWith('.ts') && name !== 'index.ts')
			.map(name => name.replace(/\.ts$/, ''))
			.sort();
	expect(fixes.map(({id}) => id).sort()).toEqual(files('fixes'));
	expect(Object.keys(steps).sort()).toEqual(files('steps'));
});

test('a diagnosis offers every fix, and the healthy sample none', () => {
	const offered = new Set(leaves.flatMap(leaf => leaf.fixes.map(({id}) => id)));
	const alone = ['take-snapshot'];
	expect(fixes.map(({id}) => id).filter(id => !offered.has(id) && !alone.includes(id))).toEqual([]);
	expect(walk(chapters, sampleFacts(), labelOf).findings).toEqual([]);
});

test('every fix is tried on the real engine', () => {
	const tried = new Set(
		cures.map(({fix: name}) => {
			const leaf = leaves.find(({id}) => id === name);
			return leaf ? leaf.fixes[0]?.id : name;
		}),
	);
	// Their own files: test/on-engine/reset-volume.test.ts and restart in nginx' rows.
	const elsewhere = ['reset-volume', 'restart-service', 'take-snapshot'];
	expect(fixes.map(({id}) => id).filter(id => !tried.has(id) && !elsewhere.includes(id))).toEqual([]);
});

describe.each(fixes.map(fix => [fix.id, fix] as const))('%s', (id, fix) => {
	const own = plans.filter(one => one.fix.id === id);

	test('speaks both languages', () => {
		for (const text of [fix.title, fix.about, fix.limits, ...fix.settings.map(({says}) => says)]) speaksBoth(text);
		for (const {plan} of own)
			for (const text of [plan.route, plan.loses, plan.takes, plan.undo, plan.confirm?.says])
				if (text) speaksBoth(text);
	});

	test('every step of its plans says what it does, shows its command, and knows its way back', () => {
		for (const {plan} of own)
			for (const {says, like, undo} of showSteps([...plan.steps, ...plan.afterUndo])) {
				speaksBoth(says);
				expect(like.trim()).not.toBe('');
				if (undo) speaksBoth(undo);
			}
	});

	test('shows the harm of its worst step', () => {
		for (const {plan} of own) {
			const worst = Math.max(0, ...plan.steps.map(({step}) => risks.indexOf(steps[step]?.risk ?? 'none')));
			expect(risks.indexOf(fix.risk)).toBeGreaterThanOrEqual(worst);
		}
	});

	test('weakens nothing', () => {
		for (const {plan} of own) {
			const shown = showSteps([...plan.steps, ...plan.afterUndo])
				.filter(({step}) => step !== 'guard-hba')
				.map(({like, input}) => `${like}\n${JSON.stringify(input)}`)
				.join('\n');
			expect(shown).not.toMatch(
				/\btrust\b|\b0?777\b|chmod\s+(?:-R\s+)?[ao]?\+|--publish|\s-p \d|0\.0\.0\.0:|--privileged/,
			);
		}
	});

	test('destroys nothing but behind a proof and a typed name', () => {
		for (const {plan} of own) {
			const at = plan.steps.findIndex(({step}) => steps[step]?.risk === 'destroys-data');
			if (at < 0) continue;
			expect(plan.confirm?.name ?? '').not.toBe('');
			if (renames.includes(plan.steps[at]?.step ?? '')) continue;
			expect(plan.steps.slice(0, at).map(({step}) => step)).toContain('prove-snapshot');
		}
	});

	test('assumes something that can be looked up again', () => {
		for (const {plan} of own)
			if (plan.steps.some(({step}) => steps[step]?.risk !== 'none')) expect(Object.keys(plan.assumes)).not.toEqual([]);
	});
});

/** Steps that move a directory whole, within its file system: nothing is removed, so nothing has to be copied first. */
const renames = ['swap-data-directory'];

describe.each(Object.entries(steps))('step %s', (id, step) => {
	const source = sourceOf('steps', id);

	test('takes a proof where it destroys', () => {
		if (step.risk !== 'destroys-data') return;
		if (renames.includes(id)) expect(source).not.toMatch(/(?<!-)\brm -|-delete\b/);
		else expect(source).toMatch(/provenSnapshot\(|ProvenSnapshot\b/);
	});

	test('has an undo, or both languages why not', () => {
		if (typeof step.undo !== 'function') speaksBoth(step.undo);
	});

	test('opens nothing to the world', () => {
		expect(source).not.toMatch(/\b0?777\b|--privileged|network: 'host'|POSTGRES_HOST_AUTH_METHOD/);
	});
});

test('the examples of the diagnoses plan almost every fix', () => {
	const seen = new Set(plans.map(({fix}) => fix.id));
	// Their plans need facts that no walk asks for; their own tests look at them.
	expect(fixes.map(({id}) => id).filter(id => !seen.has(id))).toEqual([]);
});
