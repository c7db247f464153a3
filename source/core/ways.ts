import {say, type Text} from './say.ts';
import type {Chapter, Node} from './walk.ts';

/** One question on the way to a leaf, and the answers that lead on. */
export type WayStep = {question: Text; answers: string[]};

/** How a question names its subject where no deployment is known. Longer marks first: a host and its port are one address. */
const subjects: readonly (readonly [mark: string, words: Text])[] = [
	['⟦credential.host⟧:⟦credential.port⟧', say('the configured address', '所配置的地址')],
	['⟦host⟧:⟦port⟧', say('the configured address', '所配置的地址')],
	['⟦credential.host⟧', say('the configured host', '所配置的主机')],
	['⟦credential.service⟧', say('the client', '客户端')],
	['⟦credential.user⟧', say('its role', '它的角色')],
	['⟦credential.database⟧', say('its database', '它的数据库')],
	['⟦database⟧', say('the database', '数据库')],
	['⟦subject⟧', say('the service', '该服务')],
	['⟦service⟧', say('the service', '该服务')],
	['⟦host⟧', say('the configured host', '所配置的主机')],
	['⟦server⟧', say('the server', '服务器')],
	['⟦name⟧', say('the variable', '该变量')],
];

/**
 * A scope that knows nothing: whatever a question reads from it becomes a mark with the way it was read, and calls
 * (`join`, `map`) give the same mark. So every chapter's questions can be printed without a deployment.
 */
function unknownScope(path = '', parent = ''): unknown {
	return new Proxy(() => {}, {
		get(_target, key) {
			if (key === Symbol.toPrimitive) return () => `⟦${path}⟧`;
			if (key === Symbol.iterator)
				return function* () {
					yield unknownScope(path, parent);
				};
			return typeof key === 'symbol' ? undefined : unknownScope(path ? `${path}.${key}` : key, path);
		},
		apply: () => unknownScope(parent),
	});
}

/**
 * What a new chapter asks about: by the last word of its mark if that is known (`login.host`), else that word spelled
 * out (`hostAddress` -> `the host address`).
 */
function spelled(path: string, language: keyof Text): string {
	const last = path.split('.').at(-1) ?? path;
	const known = [`⟦${last}⟧`, `⟦credential.${last}⟧`].map(mark => subjects.find(([other]) => other === mark)?.[1]);
	const words = last.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`);
	return (known[0] ?? known[1])?.[language] ?? (language === 'en' ? `the ${words}` : words);
}

function named(text: string, language: keyof Text): string {
	const bare = text.replace(/`((?:⟦[^⟧`]*⟧:?)+)`/g, '$1');
	const plain = subjects
		.reduce((said, [mark, words]) => said.replaceAll(mark, words[language]), bare)
		.replace(/⟦([^⟧]*)⟧/g, (_, path: string) => spelled(path, language))
		.replace(/(?<=\p{Script=Han}) (?=\p{Script=Han})/gu, '');
	return bare.startsWith('⟦') ? plain.charAt(0).toUpperCase() + plain.slice(1) : plain;
}

/** The words of a question where no deployment is known: `Does the password of the client fit …?` */
export function inGeneral(question: (scope: never) => Text): Text {
	const {en, zh} = question(unknownScope() as never);
	return {en: named(en, 'en'), zh: named(zh, 'zh')};
}

type Step = {question: Text; answer: string};

function* walked(node: Node<never>, id: string, steps: readonly Step[]): Generator<readonly Step[]> {
	if (node.kind === 'leaf' && node.diagnosis.id === id) yield steps;
	if (node.kind === 'all') for (const next of node.nodes) yield* walked(next, id, steps);
	if (node.kind !== 'ask') return;
	const question = inGeneral(node.question);
	for (const [answer, next] of Object.entries(node.branches)) yield* walked(next, id, [...steps, {question, answer}]);
}

const sameAnswers = (one: WayStep, other: WayStep): boolean => one.answers.join('\n') === other.answers.join('\n');

/** Two ways that ask the same and differ in the answers to one question only are one way. */
function joined(one: readonly WayStep[], other: readonly WayStep[]): WayStep[] | null {
	if (one.length !== other.length || one.some(({question}, place) => question.en !== other[place]?.question.en))
		return null;
	const differing = one.flatMap((step, place) => {
		const counterpart = other[place];
		return counterpart && !sameAnswers(step, counterpart) ? [place] : [];
	});
	if (differing.length > 1) return null;
	return one.map((step, place) => ({
		question: step.question,
		answers: [...new Set([...step.answers, ...(other[place]?.answers ?? [])])],
	}));
}

/** Every way of questions that ends at a leaf. Answers that lead on to the same place stand together. */
export function waysTo(chapters: readonly Chapter[], id: string): WayStep[][] {
	let ways: WayStep[][] = chapters.flatMap(({root}) =>
		[...walked(root, id, [])].map(steps => steps.map(({question, answer}) => ({question, answers: [answer]}))),
	);
	for (let before = 0; before !== ways.length; ) {
		before = ways.length;
		const kept: WayStep[][] = [];
		for (const way of ways) {
			const place = kept.findIndex(known => joined(known, way) !== null);
			const together = place < 0 ? null : joined(kept[place] ?? [], way);
			if (together) kept[place] = together;
			else kept.push(way);
		}
		ways = kept;
	}
	return ways;
}
