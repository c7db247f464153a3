import {type Document, isAlias, isMap, isScalar, isSeq, type Node, type Scalar, type YAMLMap, type YAMLSeq} from 'yaml';
import {canonical, openCompose, type Path, type Raw, rawAt, rawOf, rawWith, serviceNode} from './compose-service.ts';
import {
	applied,
	definingPair,
	type Edit,
	keyOf,
	lineAfter,
	lineBefore,
	lineBreak,
	lineStart,
	pairIn,
	pairsOf,
	rangeOf,
	resolved,
	scalarText,
} from './yaml-place.ts';

/**
 * One change inside one service of a Compose file. `was` is what must stand there now, `to` what shall stand there; null is
 * nothing. The index behind the last item of a list appends. Plain JSON, as part of a step's input.
 */
export type ServiceEdit = {path: Path; was: Raw; to: Raw};

/** What a path leads to, and whether it leads out of the service by `<<` or `*`. */
type Spot = {
	/** The innermost mapping or list that is there. */
	inside: YAMLMap | YAMLSeq;
	/** Keys below `inside`; the first one may be there, the others are not. */
	keys: Path;
	inherited: boolean;
};

function spotOf(doc: Document, service: Node, path: Path): Spot | null {
	let inside = resolved(doc, service);
	let inherited = isAlias(service);
	for (let index = 0; index < path.length; index++) {
		const key = path[index] ?? '';
		const isLast = index === path.length - 1;
		if (isMap(inside)) {
			const own = pairIn(inside, String(key));
			const pair = own ?? definingPair(doc, inside, String(key));
			const value = pair?.value;
			inherited ||= !own && pair !== null;
			const target = resolved(doc, value);
			if (isLast || !(isMap(target) || isSeq(target)))
				return {inside: own || !pair ? inside : holderOf(doc, inside, String(key)), keys: path.slice(index), inherited};
			inherited ||= isAlias(value);
			inside = target;
		} else if (isSeq(inside)) {
			const value = inside.items[Number(key)];
			if (isLast || !isMap(resolved(doc, value))) return {inside, keys: path.slice(index), inherited};
			inherited ||= isAlias(value);
			inside = resolved(doc, value);
		} else return null;
	}
	return null;
}

/** The mapping among those that `<<` takes in which has the key itself. */
function holderOf(doc: Document, map: YAMLMap, key: string): YAMLMap {
	if (pairIn(map, key)) return map;
	const merge = pairIn(map, '<<')?.value;
	for (const source of isSeq(merge) ? merge.items : [merge]) {
		const other = resolved(doc, source);
		if (isMap(other) && definingPair(doc, other, key)) return holderOf(doc, other, key);
	}
	return map;
}

/** A new value in YAML. Switches and whole numbers are no texts; what another reader could take for a number of base 60 is quoted. */
function scalar(value: string, like: Scalar | null, flow: boolean): string {
	if (like?.type !== 'QUOTE_DOUBLE' && like?.type !== 'QUOTE_SINGLE') {
		if (/^(?:true|false|0|[1-9]\d{0,14})$/.test(value)) return value;
		if (/^[\d:.]+:[\d:.]+$/.test(value) || (flow && /[,[\]{}]|: |^[?-]/.test(value))) return JSON.stringify(value);
	}
	return scalarText(value, like);
}

const flowText = (value: Raw): string =>
	value === null
		? 'null'
		: typeof value === 'string'
			? scalar(value, null, true)
			: Array.isArray(value)
				? `[${value.map(flowText).join(', ')}]`
				: `{${Object.entries(value)
						.map(([key, inner]) => `${scalarText(key, null)}: ${flowText(inner)}`)
						.join(', ')}}`;

/** `key: value` as lines of a block, the first one without indentation. */
function blockLines(key: string, value: Raw): string[] {
	const name = scalarText(key, null);
	if (value === null || typeof value === 'string' || Object.keys(value).length === 0)
		return [`${name}: ${flowText(value)}`];
	if (Array.isArray(value)) return [`${name}:`, ...value.map(item => `  - ${flowText(item)}`)];
	return [
		`${name}:`,
		...Object.entries(value).flatMap(([inner, one]) => blockLines(inner, one).map(line => `  ${line}`)),
	];
}

const nested = (keys: Path, to: Raw): Raw => rawWith(null, keys, to);

function insertInMap(text: string, map: YAMLMap, key: string, value: Raw): Edit | null {
	const first = pairsOf(map)[0];
	const [start] = rangeOf(map);
	if (map.flow || !first)
		return text[start] === '{'
			? {start: start + 1, end: start + 1, text: `${scalarText(key, null)}: ${flowText(value)}${first ? ', ' : ''}`}
			: null;
	// The first key may stand behind the dash of a list.
	for (const pair of pairsOf(map)) {
		const edit = lineBefore(text, pair.key as Node, ...blockLines(key, value));
		if (edit) return edit;
	}
	return null;
}

function insertInList(text: string, list: YAMLSeq, value: Raw): Edit | null {
	const last = list.items.at(-1) as Node | undefined;
	const [start] = rangeOf(list);
	if (list.flow || !last) {
		if (text[start] !== '[') return null;
		const at = last ? rangeOf(last)[1] : start + 1;
		return {start: at, end: at, text: `${last ? ', ' : ''}${flowText(value)}`};
	}
	const from = lineStart(text, rangeOf(last)[0]);
	const dash = /^[ \t]*-[ \t]+/.exec(text.slice(from, rangeOf(last)[0] + 1))?.[0];
	if (dash === undefined) return null;
	const at = lineAfter(text, endOf(last) - 1);
	const line = `${dash}${flowText(value)}`;
	return text[at - 1] === '\n'
		? {start: at, end: at, text: `${line}${lineBreak(text)}`}
		: {start: at, end: at, text: `${lineBreak(text)}${line}`};
}

/** Offset behind the last character of a node's own; a block ends with its last scalar, not with the blank lines after it. */
function endOf(node: unknown): number {
	if ((isMap(node) || isSeq(node)) && !node.flow && node.items.length > 0) {
		const last = node.items.at(-1);
		return isMap(node) ? endOfPair(pairsOf(node).at(-1)) : endOf(last);
	}
	return rangeOf(node as Node)[1];
}

const endOfPair = (pair: {key: unknown; value: unknown} | undefined): number =>
	Math.max(rangeOf(pair?.key as Node)[1], pair?.value ? endOf(pair.value) : 0);

function cutLines(text: string, from: number, to: number): Edit {
	return {start: lineStart(text, from), end: lineAfter(text, to - 1), text: ''};
}

/** Takes one of several entries out of `{…}` or `[…]`, with the comma that goes with it. */
function cutFromFlow(spans: readonly [number, number][], index: number): Edit | null {
	const here = spans[index];
	const next = spans[index + 1];
	const previous = spans[index - 1];
	if (!here) return null;
	return next ? {start: here[0], end: next[0], text: ''} : {start: previous?.[1] ?? here[0], end: here[1], text: ''};
}

function removal(text: string, inside: YAMLMap | YAMLSeq, key: string | number): Edit | null {
	if (isMap(inside)) {
		const pairs = pairsOf(inside);
		const index = pairs.findIndex(pair => keyOf(pair) === String(key));
		const pair = pairs[index];
		if (!pair) return null;
		const spans = pairs.map((one): [number, number] => [rangeOf(one.key as Node)[0], endOfPair(one)]);
		if (inside.flow) return cutFromFlow(spans, index);
		const [from, to] = spans[index] ?? [0, 0];
		return /^[ \t]*$/.test(text.slice(lineStart(text, from), from)) ? cutLines(text, from, to) : null;
	}
	const index = Number(key);
	const spans = inside.items.map((one): [number, number] => [rangeOf(one as Node)[0], endOf(one)]);
	if (inside.flow) return cutFromFlow(spans, index);
	const span = spans[index];
	return span && /^[ \t]*-[ \t]+(?:&\S+[ \t]+)?$/.test(text.slice(lineStart(text, span[0]), span[0]))
		? cutLines(text, ...span)
		: null;
}

/** One word of a text in `>` or `|`: its lines are folded as the author likes them, and stay so. */
function inBlock(text: string, node: Scalar, to: string): Edit | null {
	const words = String(node.value).trim().split(/\s+/);
	const wanted = to.trim().split(/\s+/);
	const changed = words.flatMap((word, index) => (word === wanted[index] ? [] : [index]));
	const word = words[changed[0] ?? -1];
	if (words.length !== wanted.length || changed.length !== 1 || word === undefined) return null;
	const [start, end] = rangeOf(node);
	const at = text.indexOf(word, start);
	return at < 0 || at >= end || text.lastIndexOf(word, end - 1) !== at
		? null
		: {start: at, end: at + word.length, text: wanted[changed[0] ?? -1] ?? ''};
}

function replacement(text: string, inside: YAMLMap | YAMLSeq, key: string | number, to: string): Edit | null {
	const pair = isMap(inside) ? pairIn(inside, String(key)) : null;
	const node = (isSeq(inside) ? inside.items[Number(key)] : pair?.value) as Node | null | undefined;
	const flow = inside.flow ?? false;
	if (pair && (!node || (isScalar(node) && node.value === null && node.source === ''))) {
		const [, end] = rangeOf(pair.key as Node);
		return {start: end, end: end + 1, text: `: ${scalar(to, null, flow)}`};
	}
	if (!node) return null;
	const [start, end] = rangeOf(node);
	if (isAlias(node)) return {start, end, text: scalar(to, null, flow)};
	if (!isScalar(node)) return null;
	if (node.type === 'BLOCK_FOLDED' || node.type === 'BLOCK_LITERAL') return inBlock(text, node as Scalar, to);
	return {start, end, text: scalar(to, node as Scalar, flow)};
}

/** The change at the place where the value is written now. */
function direct(text: string, {inside, keys}: Spot, to: Raw): Edit | null {
	const [key = '', ...below] = keys;
	const exists = isMap(inside) ? pairIn(inside, String(key)) !== null : Number(key) < inside.items.length;
	if (to === null) return below.length === 0 ? removal(text, inside, key) : null;
	if (exists && below.length === 0) return typeof to === 'string' ? replacement(text, inside, key, to) : null;
	const value = nested(below, to);
	if (isSeq(inside)) return Number(key) === inside.items.length ? insertInList(text, inside, value) : null;
	return exists ? null : insertInMap(text, inside, String(key), value);
}

/** The whole top-level key, spelt out for this service over what it takes from elsewhere. */
function spelledOut(text: string, doc: Document, service: Node, path: Path, to: Raw): Edit | null {
	const [key = ''] = path;
	const name = String(key);
	const value = rawAt(rawWith(rawOf(doc, service), path, to), [name]);
	if (value === null) return null;
	if (isAlias(service)) {
		const [start, end] = rangeOf(service);
		const line = text.slice(lineStart(text, start), start);
		const indent = `${lineBreak(text)}${/^[ \t]*/.exec(line)?.[0] ?? ''}  `;
		const lines = [`<<: ${text.slice(start, end)}`, ...blockLines(name, value)];
		return /^[ \t]*[^\s{[,][^{[,]*:[ \t]+$/.test(line)
			? {start, end, text: lines.map(one => `${indent}${one}`).join('')}
			: null;
	}
	if (!isMap(service)) return null;
	const own = pairIn(service, name);
	if (!own) return insertInMap(text, service, name, value);
	if (!isAlias(own.value)) return null;
	const [start, end] = rangeOf(own.value);
	return {start, end, text: flowText(value)};
}

/** What would be different for anybody but this service. */
function others(doc: Document, service: string, definitions: boolean): string {
	const found: Record<string, Raw> = {};
	for (const pair of isMap(doc.contents) ? pairsOf(doc.contents) : []) {
		const name = keyOf(pair);
		if (name === 'services') {
			const services = rawOf(doc, pair.value) as Record<string, Raw>;
			const {[service]: _own, ...rest} = services;
			found[name] = rest;
		} else if (!(definitions && name.startsWith('x-'))) found[name] = rawOf(doc, pair.value);
	}
	return canonical(found);
}

/**
 * Changes one value of a service in a Compose file and leaves every other byte as it is. A value that the service shares with
 * others by an anchor is changed where it is defined when nobody else has it, else it is spelt out for this service.
 * @throws Error when the file is no YAML, something else stands at the place, or the file would not say exactly that afterwards
 */
export function editService(text: string, service: string, {path, was, to}: ServiceEdit): string {
	const place = `${path.join('.')} of ${service}`;
	const doc = openCompose(text);
	const node = serviceNode(doc, service);
	if (!node) throw new Error(`the file does not define ${service}`);
	const before = rawOf(doc, node);
	const present = rawAt(before, path);
	if (canonical(present) === canonical(to)) return text;
	if (canonical(present) !== canonical(was)) throw new Error(`${place} says something else`);
	const wanted = rawWith(before, path, to);
	if (wanted === null) throw new Error(`nothing would be left of ${service}`);
	// A list or mapping that has nothing left in it is refused by Compose: it goes as a whole.
	let cut: Path = path;
	while (to === null && cut.length > 1 && rawAt(wanted, cut.slice(0, -1)) === null) cut = cut.slice(0, -1);
	const spot = spotOf(doc, node, cut);
	const candidates: {edit: Edit | null; definitions: boolean}[] = [
		{edit: spot && direct(text, spot, to), definitions: spot?.inherited ?? false},
		...(spot?.inherited ? [{edit: spelledOut(text, doc, node, path, to), definitions: false}] : []),
	];
	for (const {edit, definitions} of candidates) {
		if (!edit) continue;
		const changed = applied(text, edit);
		try {
			const after = openCompose(changed);
			const own = serviceNode(after, service);
			if (
				own &&
				canonical(rawOf(after, own)) === canonical(wanted) &&
				others(after, service, definitions) === others(doc, service, definitions)
			)
				return changed;
		} catch {
			// Not readable any more: the next way is tried.
		}
	}
	throw new Error(`${place} can not be changed without changing something else`);
}

/** Several changes, one after the other; an index counts in what the ones before have left. */
export const editServices = (text: string, service: string, edits: readonly ServiceEdit[]): string =>
	edits.reduce((changed, edit) => editService(changed, service, edit), text);
