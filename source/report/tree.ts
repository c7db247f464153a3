import type {Fix} from '../core/fix.ts';
import {type Language, say, type Text, tell} from '../core/say.ts';
import type {Chapter, Node} from '../core/walk.ts';
import {inGeneral} from '../core/ways.ts';
import {riskWords} from './words.ts';

/** What a printed tree is made of. Chapters that carry one id are parts of the same chapter. */
export type Printed = {
	chapters: readonly Chapter[];
	fixes: readonly Fix[];
	/** Words for an answer. */
	label: (answer: string) => Text;
	language: Language;
};

type Leaf = Chapter['leaves'][number];

const unique = (leaves: readonly Leaf[]): Leaf[] => [...new Map(leaves.map(leaf => [leaf.id, leaf])).values()];

/** The whole tree as Markdown: questions as nested lists, then a section for each diagnosis and each fix. Ends with a line feed. */
export function printedTree(print: Printed): string {
	const {chapters, fixes, language} = print;
	const {word} = wordsIn(language);
	const other = language === 'en' ? '[中文](tree.zh.md)' : '[English](tree.en.md)';
	const titles = new Map(chapters.map(({id, title}) => [id, title]));
	const blocks = [
		'<!-- Made by `npm run tree`: change the tree, not this page. -->',
		`# ${word('The decision tree', '决策树')}`,
		other,
		word(
			'What compose-medic asks, from top to bottom: what stands first can cause what stands after it. Every answer is looked up in the live system, and every chapter is asked, because several things are often broken at once. An answer without an arrow leads to no cause.',
			'compose-medic 从上到下依次提问：排在前面的可能是后面的原因。每个回答都在运行中的系统里查证；每一章都会问到，因为往往同时有多处故障。没有箭头的回答不指向任何原因。',
		),
	];
	blocks.push(`## ${word('The questions', '问题')}`);
	for (const [id, title] of titles) {
		blocks.push(`### ${tell(title, language)}`);
		const printed = new Set<Node<never>>();
		const lines = chapters.flatMap(chapter =>
			chapter.id === id ? nodeLines(chapter.root, '', {...print, printed}) : [],
		);
		blocks.push(lines.join('\n'));
	}
	blocks.push(`## ${word('The diagnoses', '诊断')}`);
	for (const leaf of unique(chapters.flatMap(({leaves}) => leaves))) blocks.push(...leafBlocks(leaf, print));
	blocks.push(`## ${word('The fixes', '修复')}`);
	for (const fix of fixes) blocks.push(...fixBlocks(fix, print));
	return `${blocks.join('\n\n')}\n`;
}

/**
 * Questions are bold, their answers stand under them, and what follows an answer stands under it.
 * @param print.printed questions that stand on the page already: where several answers lead to one, it is told once
 */
function nodeLines(node: Node<never>, indent: string, print: Printed & {printed: Set<Node<never>>}): string[] {
	const {language, label, printed} = print;
	switch (node.kind) {
		case 'nothing':
			return [];
		case 'leaf':
			return [`${indent}- → ${linkTo(node.diagnosis as Leaf, language)}`];
		case 'all': {
			// A run of questions that stand above already is one line.
			const told = node.nodes.map(next => printed.has(next));
			return node.nodes.flatMap((next, place) => {
				if (!told[place]) return nodeLines(next, indent, print);
				if (told[place - 1]) return [];
				const end = told.indexOf(false, place);
				const count = (end < 0 ? told.length : end) - place;
				return count === 1
					? nodeLines(next, indent, print)
					: [`${indent}- ${tell(say(`the ${count} questions above`, `上面的 ${count} 个问题`), language)}`];
			});
		}
		case 'ask': {
			const question = `${indent}- **${tell(inGeneral(node.question), language)}**`;
			if (printed.has(node)) return [`${question}${tell(say(' as above', '（同上）'), language)}`];
			printed.add(node);
			return [
				question,
				...Object.entries(node.branches).flatMap(([answer, next]) => {
					const line = `${indent}  - ${tell(label(answer), language)}`;
					return next.kind === 'leaf'
						? [`${line} → ${linkTo(next.diagnosis as Leaf, language)}`]
						: [line, ...nodeLines(next, `${indent}    `, print)];
				}),
			];
		}
	}
}

const linkTo = ({id, name}: Leaf, language: Language): string => `[${tell(name, language)}](#${id})`;

function leafBlocks(leaf: Leaf, {chapters, language}: Printed): string[] {
	const {word, after} = wordsIn(language);
	const known = new Map(chapters.flatMap(({leaves}) => leaves).map(other => [other.id, other]));
	const {id, name, severity, about, beware, lookAlikes, fixes, noFix} = leaf;
	return [
		`### ${id}`,
		`**${tell(name, language)}**`,
		...(severity === 'warning'
			? [`*${word('A warning: it does not make the system fail today.', '警告：目前不会导致系统故障。')}*`]
			: []),
		tell(about, language),
		...(beware ? [`${after('**Beware**', '**注意**')}${tell(beware, language)}`] : []),
		after('What looks the same, and what tells it apart', '容易混淆的诊断，以及如何区分').trim(),
		lookAlikes
			.map(alike => {
				const other = known.get(alike.id);
				const called = other ? linkTo(other, language) : `\`${alike.id}\``;
				return `- ${after(called, called)}${tell(alike.tell, language)}`;
			})
			.join('\n'),
		...(fixes.length > 0
			? [
					after('What repairs it, best first', '如何修复（最推荐的在前）').trim(),
					fixes.map((fix, place) => `${place + 1}. [${tell(fix.title, language)}](#${fix.id})`).join('\n'),
				]
			: [`${after('**By hand**', '**手动处理**')}${noFix ? tell(noFix, language) : ''}`]),
	];
}

function fixBlocks(fix: Fix, {language}: Printed): string[] {
	const {word, after} = wordsIn(language);
	const risk = tell(riskWords[fix.risk], language);
	return [
		`### ${fix.id}`,
		`**${tell(fix.title, language)}**${word(` (${risk})`, `（${risk}）`)}`,
		tell(fix.about, language),
		`${after('**Its limits**', '**局限**')}${tell(fix.limits, language)}`,
	];
}

/** Words in one language, and a heading word in front of a sentence, with that language's colon. */
const wordsIn = (language: Language) => {
	const word = (en: string, zh: string): string => tell(say(en, zh), language);
	return {word, after: (en: string, zh: string): string => word(`${en}: `, `${zh}：`)};
};

/** The README's table: a row for each chapter. */
function findingsTable(chapters: readonly Chapter[]): string {
	const rows = [...new Set(chapters.map(({id}) => id))].map(id => {
		const leaves = unique(chapters.flatMap(chapter => (chapter.id === id ? chapter.leaves : [])));
		return `| ${id} | ${leaves.map(leaf => leaf.id).join(', ')} |`;
	});
	return ['| chapter | diagnoses |', '|---|---|', ...rows].join('\n');
}

const findings = /(<!-- findings[^>]*-->\n)[\s\S]*?(\n<!-- end of findings -->)/;

/** Puts the table into the README, between its two marks. @throws Error when a mark is missing */
export function withFindings(readme: string, chapters: readonly Chapter[]): string {
	if (!findings.test(readme)) throw new Error('README.md has lost the marks around its table of findings');
	return readme.replace(findings, (_, open: string, close: string) => `${open}\n${findingsTable(chapters)}\n${close}`);
}
