import type {Diagnosis, Finding, Scope} from '../core/diagnosis.ts';
import type {Facts} from '../core/fact.ts';
import {say, type Text} from '../core/say.ts';
import {nearest} from '../core/suggest.ts';
import {exitCode, Trouble} from '../core/trouble.ts';
import {type Chapter, seeing, walk} from '../core/walk.ts';
import {Need, Stuck} from '../core/walk-signals.ts';
import {fixes} from '../fixes/index.ts';
import {labelOf} from '../tree/answers.ts';
import {chapters} from '../tree/index.ts';

export type Leaf = {chapter: string; chapterTitle: Text; diagnosis: Diagnosis<never>};

/** Every diagnosis once, in the order of the tree. */
export function leaves(): Leaf[] {
	const seen = new Map<string, Leaf>();
	for (const {id, title, leaves: hanging} of chapters)
		for (const diagnosis of hanging)
			if (!seen.has(diagnosis.id)) seen.set(diagnosis.id, {chapter: id, chapterTitle: title, diagnosis});
	return [...seen.values()];
}

export const diagnosisIds = (): string[] => leaves().map(({diagnosis}) => diagnosis.id);
export const fixIds = (): string[] => fixes.map(({id}) => id);

type Question = {question: Text; answer: Text};

/** The questions that led to a leaf in one walk: those asked last about the same thing. */
function wayTo(id: string, facts: Facts): Question[] {
	let way: Question[] = [];
	let about: string | null | undefined;
	let found: Question[] | null = null;
	const part = (run: () => void): void => {
		try {
			run();
		} catch (error) {
			// As in the walk itself: a fact that the sample does not have ends this part only.
			if (!(error instanceof Need || error instanceof Stuck)) throw error;
		}
	};
	const visit: Parameters<Chapter['walk']>[1] = {
		part,
		skipped: () => {},
		step(question, answer, subject) {
			if (subject !== about) way = [];
			about = subject;
			way.push({question, answer: labelOf(answer)});
		},
		found(finding) {
			if (finding.id === id) found ??= [...way];
		},
	};
	for (const chapter of chapters) part(() => chapter.walk(seeing(facts), visit));
	return found ?? [];
}

/** A leaf as it looks when it is found: the first of its own samples, walked. */
export function sampleOf(diagnosis: Diagnosis<never>): {finding: Finding; path: Question[]} | null {
	for (const sample of (diagnosis as Diagnosis<Scope>).examples) {
		const facts = sample();
		const finding = walk(chapters, facts, labelOf).findings.find(({id}) => id === diagnosis.id);
		if (finding) return {finding, path: wayTo(diagnosis.id, facts)};
	}
	return null;
}

/** @throws Trouble with exit code 2 and the nearest id */
export function unknownId(id: string, kind: Text, among: readonly string[], list: string): Trouble {
	const meant = nearest(id, among);
	return new Trouble('unknown-id', say(`There is no ${kind.en} \`${id}\`.`, `没有名为 \`${id}\` 的${kind.zh}。`), {
		next: meant
			? say(`Did you mean \`${meant}\`?`, `您是否想用 \`${meant}\`？`)
			: say(`\`${list}\` lists all of them.`, `\`${list}\` 可列出全部。`),
		exitCode: exitCode.usage,
	});
}
