import type {Diagnosis, Finding, Scope} from './diagnosis.ts';
import {type Facts, factKey} from './fact.ts';
import type {Probe, See} from './probe.ts';
import {say, type Text} from './say.ts';
import {Need, Stuck, type Want} from './walk-signals.ts';

/** One question that was asked, and its answer: the path shown to the user. */
export type PathStep = {chapter: string; question: Text; answer: Text; subject: string | null};

/** A place in the tree: a question, a leaf, several things to ask one after the other, or nothing wrong. */
export type Node<S extends Scope> =
	| {
			kind: 'ask';
			question: (scope: S) => Text;
			answer: (see: See, scope: S) => string;
			branches: Readonly<Record<string, Node<S>>>;
	  }
	| {kind: 'leaf'; diagnosis: Diagnosis<S>}
	| {kind: 'all'; nodes: readonly Node<S>[]}
	| {kind: 'nothing'};

type Ask<S extends Scope> = <A extends string>(
	question: Text | ((scope: S) => Text),
	answer: (see: See, scope: S) => A,
	branches: Readonly<Record<NoInfer<A>, Node<S>>>,
) => Node<S>;

/** Gives the `ask` of one chapter: a question about the chapter's scope. Forgetting or inventing an answer is a compile error. */
export const asking =
	<S extends Scope>(): Ask<S> =>
	(question, answer, branches) => ({
		kind: 'ask',
		question: typeof question === 'function' ? question : () => question,
		answer,
		branches,
	});

export const leaf = <S extends Scope>(diagnosis: Diagnosis<S>): Node<S> => ({kind: 'leaf', diagnosis});
export const all = <S extends Scope>(...nodes: readonly Node<S>[]): Node<S> => ({kind: 'all', nodes});
export const nothing = {kind: 'nothing'} as const;

/** A chapter of the tree, asked once for each thing that `each` names. */
export type Chapter = {
	id: string;
	title: Text;
	/** Pure: walks this chapter for every scope. */
	walk: (see: See, visit: Visit) => void;
	/** Every leaf that hangs in this chapter, for the guard tests, `explain` and the printed tree. */
	leaves: readonly Diagnosis<never>[];
	/** For the printed tree. */
	root: Node<never>;
};

type Visit = {
	step: (question: Text, answer: string, subject: string | null) => void;
	found: (finding: Omit<Finding, 'chapter'>, key: string) => void;
	/** Runs one part; a missing or unknown fact ends this part only. */
	part: (run: () => void) => void;
	/** Tells why a chapter was not asked. */
	skipped: (why: Text) => void;
};

const leavesOf = <S extends Scope>(node: Node<S>): Diagnosis<S>[] =>
	node.kind === 'leaf'
		? [node.diagnosis]
		: node.kind === 'all'
			? node.nodes.flatMap(leavesOf)
			: node.kind === 'ask'
				? Object.values(node.branches).flatMap(leavesOf)
				: [];

/** Said where every fix of a diagnosis needs what is not at hand: a server that runs elsewhere has no containers and no files here. */
const elsewhere = say(
	'This has to be repaired where the server or its clients run; `compose-medic explain` tells how.',
	'需要在服务器或客户端所在的机器上修复；方法见 `compose-medic explain`。',
);

function evaluate<S extends Scope>(see: See, scope: S, diagnosis: Diagnosis<S>): Omit<Finding, 'chapter'> {
	const fixes = diagnosis.fixes.filter(
		fix => (fix.offered?.(see) ?? true) && (diagnosis.suits?.(fix, see, scope) ?? true),
	);
	return {
		id: diagnosis.id,
		subject: diagnosis.on ? diagnosis.on(scope) : scope.subject,
		severity: diagnosis.severity,
		certainty: typeof diagnosis.certainty === 'function' ? diagnosis.certainty(see, scope) : diagnosis.certainty,
		title: diagnosis.title(scope),
		about: diagnosis.about,
		beware: diagnosis.beware,
		because: diagnosis.because(see, scope),
		affects: diagnosis.affects(see, scope),
		fixes: fixes.map((fix, index) => ({
			id: fix.id,
			title: fix.title,
			risk: fix.risk,
			recommended: index === 0,
		})),
		noFix: diagnosis.noFix ?? (fixes.length === 0 ? elsewhere : null),
		...(diagnosis.lastResort?.(see, scope) ? {lastResort: true} : {}),
		hands: diagnosis.hands ? [diagnosis.hands(see, scope)] : [],
	};
}

function walkNode<S extends Scope>(node: Node<S>, see: See, scope: S, visit: Visit): void {
	switch (node.kind) {
		case 'nothing':
			return;
		case 'all':
			for (const next of node.nodes) visit.part(() => walkNode(next, see, scope, visit));
			return;
		case 'leaf': {
			const {diagnosis} = node;
			visit.found(evaluate(see, scope, diagnosis), `${diagnosis.id} ${diagnosis.key?.(scope) ?? scope.subject ?? ''}`);
			return;
		}
		case 'ask': {
			const answer = node.answer(see, scope);
			visit.step(node.question(scope), answer, scope.subject);
			const next = node.branches[answer];
			if (!next) throw new Error(`no branch for the answer ${answer}`);
			walkNode(next, see, scope, visit);
		}
	}
}

/**
 * @param each what the chapter asks about; an empty list skips it
 * @param unless says why the chapter can't be asked at all ("the database does not start"), or null
 */
export function chapter<S extends Scope>(
	definition: {id: string; title: Text; each: (see: See) => readonly S[]; unless?: (see: See, scope: S) => Text | null},
	root: Node<S>,
): Chapter {
	return {
		id: definition.id,
		title: definition.title,
		leaves: leavesOf(root) as readonly Diagnosis<never>[],
		root: root as Node<never>,
		walk(see, visit) {
			for (const scope of definition.each(see)) {
				visit.part(() => {
					const why = definition.unless?.(see, scope) ?? null;
					if (why) visit.skipped(why);
					else walkNode(root, see, scope, visit);
				});
			}
		},
	};
}

/** What a walk over the facts at hand says. Complete when `wants` is empty. */
export type Walk = {
	wants: Want[];
	findings: Finding[];
	path: PathStep[];
	/** Parts that could not be asked because a fact is unknown. */
	stuck: {key: string; why: Text; chapter: string}[];
	skipped: {chapter: string; why: Text}[];
};

/** Reads facts for the walk: throws `Need` for a missing one and `Stuck` for an unknown one. */
export const seeing =
	(facts: Facts): See =>
	<Value>(probe: Probe<Value>, about = ''): Value => {
		const key = factKey(probe.id, about || undefined);
		const fact = facts.get(key);
		if (!fact) throw new Need([{probe: probe as Probe<unknown>, about}]);
		if (fact.state === 'unknown') throw new Stuck(key, fact.why);
		return fact.value as Value;
	};

const merged = (one: Finding, other: Finding): Finding => ({
	...one,
	because: [...one.because, ...other.because.filter(({says}) => !one.because.some(known => known.says.en === says.en))],
	affects: [...new Set([...one.affects, ...other.affects])],
	hands: [...one.hands, ...other.hands],
});

/**
 * Walks every chapter over the facts at hand. Pure: the same facts give the same walk, live or replayed.
 * @param label words for an answer
 */
export function walk(chapters: readonly Chapter[], facts: Facts, label: (answer: string) => Text): Walk {
	const see = seeing(facts);
	const result: Walk = {wants: [], findings: [], path: [], stuck: [], skipped: []};
	const byKey = new Map<string, number>();
	for (const {id, walk: walkChapter} of chapters) {
		const part = (run: () => void): void => {
			try {
				run();
			} catch (error) {
				if (error instanceof Need) result.wants.push(...error.wants);
				else if (error instanceof Stuck) {
					if (!result.stuck.some(({key, chapter}) => key === error.key && chapter === id))
						result.stuck.push({key: error.key, why: error.why, chapter: id});
				} else throw error;
			}
		};
		part(() =>
			walkChapter(see, {
				part,
				step: (question, answer, subject) => result.path.push({chapter: id, question, answer: label(answer), subject}),
				skipped: why => result.skipped.push({chapter: id, why}),
				found(finding, key) {
					const index = byKey.get(key);
					const previous = index === undefined ? undefined : result.findings[index];
					if (index !== undefined && previous) result.findings[index] = merged(previous, {...finding, chapter: id});
					else byKey.set(key, result.findings.push({...finding, chapter: id}) - 1);
				},
			}),
		);
	}
	return result;
}
