import type {LookAlike} from '../core/diagnosis.ts';
import {say, type Text, tell} from '../core/say.ts';
import {type WayStep, waysTo} from '../core/ways.ts';
import {riskWords} from '../report/words.ts';
import {labelOf} from '../tree/answers.ts';
import {chapters} from '../tree/index.ts';
import {type Context, printJson} from './context.ts';
import {severityWords} from './list.ts';
import {type Page, pageFor} from './page.ts';
import {type Leaf, leaves, sampleOf} from './registry.ts';

/** One diagnosis, for a person who has it or fears it: what it is, what it is not, what not to do, what to do. */
export function explainDiagnosis(context: Context, leaf: Leaf): void {
	const ways = waysTo(chapters, leaf.diagnosis.id);
	if (context.options.json) asJson(context, leaf, ways);
	else asPage(context, leaf, ways);
}

const nameOf = ({id}: LookAlike): Text | null =>
	leaves().find(({diagnosis}) => diagnosis.id === id)?.diagnosis.name ?? null;

/** Answers that lead to the same place, in one line. */
const answer = ({answers}: WayStep): Text => ({
	en: answers.map(each => labelOf(each).en).join(' / '),
	zh: answers.map(each => labelOf(each).zh).join(' / '),
});

function asPage(context: Context, {diagnosis, chapterTitle}: Leaf, ways: readonly WayStep[][]): void {
	const {language} = context;
	const page = pageFor(context);
	page.title(diagnosis.id, tell(chapterTitle, language), tell(severityWords[diagnosis.severity], language));
	page.body(diagnosis.name, '');
	page.heading(say('What it is, and how it comes about', '是什么，怎么来的'));
	page.body(diagnosis.about);
	page.heading(say('How it is found', '如何查出'));
	for (const [place, way] of ways.entries()) {
		if (place > 0) page.body(say('or', '或者'));
		for (const step of way) {
			page.body(step.question, '  ? ');
			page.body(answer(step), '    → ');
		}
	}
	const sample = sampleOf(diagnosis);
	if (sample) {
		page.heading(say('What the evidence looks like, in an example', '证据示例'));
		for (const {for: speaksFor, says} of sample.because) page.body(says, speaksFor ? '  + ' : '  - ');
	}
	page.heading(say('What looks the same, and what tells it apart', '容易混淆的诊断，以及如何区分'));
	for (const alike of diagnosis.lookAlikes) {
		const name = nameOf(alike);
		page.body(name ? say(`\`${alike.id}\` ${name.en}`, `\`${alike.id}\` ${name.zh}`) : code(alike.id), '  • ');
		page.body(alike.tell, '    ');
	}
	if (diagnosis.beware) {
		page.heading(say('Beware', '注意'));
		page.body(diagnosis.beware, '  ! ');
	}
	repairs(page, diagnosis);
}

const code = (id: string): Text => say(`\`${id}\``, `\`${id}\``);

function repairs(page: Page, {fixes, noFix}: Leaf['diagnosis']): void {
	if (fixes.length === 0) {
		page.heading(say('What to do by hand', '如何手动处理'));
		page.body(noFix ?? say('This program has no repair for it.', '本程序没有对应的修复。'));
		return;
	}
	page.heading(say('What repairs it, in the order we would recommend', '如何修复（按推荐顺序）'));
	for (const [place, fix] of fixes.entries()) {
		const risk = riskWords[fix.risk];
		const mark = `  ${place + 1}. `;
		const indent = ' '.repeat(mark.length);
		page.body(say(`\`${fix.id}\` ${fix.title.en} (${risk.en})`, `\`${fix.id}\` ${fix.title.zh}（${risk.zh}）`), mark);
		page.body(fix.about, indent);
		page.body(say(`Its limits: ${fix.limits.en}`, `局限：${fix.limits.zh}`), indent);
	}
}

function asJson(context: Context, {diagnosis, chapter}: Leaf, ways: readonly WayStep[][]): void {
	const word = (text: Text): string => tell(text, context.language);
	const steps = (way: readonly WayStep[]) =>
		way.map(step => ({question: word(step.question), answer: word(answer(step))}));
	printJson(context, {
		schema: 'compose-medic/explain@1',
		id: diagnosis.id,
		kind: 'diagnosis',
		chapter,
		available: true,
		severity: diagnosis.severity,
		name: word(diagnosis.name),
		about: word(diagnosis.about),
		beware: diagnosis.beware ? word(diagnosis.beware) : null,
		paths: ways.map(steps),
		example: (sampleOf(diagnosis)?.because ?? []).map(({for: speaksFor, says}) => ({
			for: speaksFor,
			says: word(says),
		})),
		lookAlikes: diagnosis.lookAlikes.map(alike => {
			const name = nameOf(alike);
			return {id: alike.id, name: name ? word(name) : null, tell: word(alike.tell)};
		}),
		fixes: diagnosis.fixes.map(({id, title, risk, about, limits}) => ({
			id,
			title: word(title),
			risk,
			about: word(about),
			limits: word(limits),
		})),
		noFix: diagnosis.noFix ? word(diagnosis.noFix) : null,
	});
}
