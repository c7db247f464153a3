import type {Diagnosis, Finding, Scope} from '../core/diagnosis.ts';
import {say, type Text} from '../core/say.ts';
import {nearest} from '../core/suggest.ts';
import {exitCode, Trouble} from '../core/trouble.ts';
import {walk} from '../core/walk.ts';
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

/** A leaf as it looks when it is found: the first of its own samples, walked. */
export function sampleOf(diagnosis: Diagnosis<never>): Finding | null {
	for (const sample of (diagnosis as Diagnosis<Scope>).examples) {
		const finding = walk(chapters, sample(), labelOf).findings.find(({id}) => id === diagnosis.id);
		if (finding) return finding;
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
