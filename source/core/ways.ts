import {say, type Text} from './say.ts';
import type {Chapter, Node} from './walk.ts';

/** One question on the way to a leaf, and the answers that lead on. */
export type WayStep = {question: Text; answers: string[]};

/** How a question names its subject where no deployment is known. Longer marks first: a host and its port are one address. */
const subjects: readonly (readonly [mark: string, words: Text])[] = [
	['⟦credential.host⟧:⟦credential.port⟧', say('the configured address', '所配置的地址')],
	['⟦credential.host⟧', say('the configured host', '所配置的主机')],
	['⟦credential.service⟧', say('the client', '客户端')],
	['⟦credential.user⟧', say('its role', '它的角色')],
	['⟦credential.database⟧', say('its database', '它的数据库')],
	['⟦database⟧', say('the database', '数据库')],
	['⟦subject⟧', say('the service', '该服务')],
	['⟦service⟧', say('the service', '该服务')],
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

/** `credential.hostAddress` -> `host address`: better than a mark when a chapter asks about something new. */
const spelled = (path: string): string =>
	(path.split('.').at(-1) ?? path).replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`);

function named(text: string, language: keyof Text): string {
	const plain = subjects
		.reduce((said, [mark, words]) => said.replaceAll(`\`${mark}\``, mark).replaceAll(mark, words[language]), text)
		.replace(/⟦([^⟧]*)⟧/g, (_, path: string) => spelled(path))
		.replace(/(?<=\p{Script=Han}) (?=\p{Script=Han})/gu, '');
	return /^`?⟦/.test(text) ? plain.charAt(0).toUpperCase() + plain.slice(1) : plain;
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

/** Every way of questions that ends at a leaf. Answers that lead on to the same place stand together. */
export function waysTo(chapters: readonly Chapter[], id: string): WayStep[][] {
	const ways = new Map<string, WayStep[]>();
	for (const {root} of chapters)
		for (const steps of walked(root, id, [])) {
			const before = steps.slice(0, -1).map(({answer}) => answer);
			const key = [...before, ...steps.map(({question}) => question.en)].join('\n');
			const known = ways.get(key)?.at(-1);
			const last = steps.at(-1);
			if (known && last) known.answers.push(last.answer);
			else
				ways.set(
					key,
					steps.map(({question, answer}) => ({question, answers: [answer]})),
				);
		}
	return [...ways.values()];
}
