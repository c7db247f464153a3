import {
	type Alias,
	type Document,
	isAlias,
	isMap,
	isScalar,
	isSeq,
	type Node,
	type Pair,
	parseDocument,
	type Scalar,
	stringify,
	type YAMLMap,
} from 'yaml';

/** Characters of a text that are replaced by others; nothing else of it changes. */
export type Edit = {start: number; end: number; text: string};

/** Every problem, an unknown tag as well, is ours to judge: nothing may be printed. */
export const open = (text: string): Document.Parsed => parseDocument(text, {logLevel: 'silent'});

export const applied = (text: string, {start, end, text: by}: Edit): string =>
	text.slice(0, start) + by + text.slice(end);

export const keyOf = (pair: Pair): string => (isScalar(pair.key) ? String(pair.key.value) : '');

export const pairsOf = (map: YAMLMap): Pair[] => map.items as Pair[];

export const pairIn = (map: YAMLMap, key: string): Pair | null =>
	pairsOf(map).find(pair => keyOf(pair) === key) ?? null;

export function childMap(map: unknown, key: string): YAMLMap | null {
	const value = isMap(map) ? pairIn(map, key)?.value : null;
	return isMap(value) ? value : null;
}

export const resolved = (doc: Document, node: unknown): unknown =>
	isAlias(node) ? (node as Alias).resolve(doc) : node;

/** The mappings that `<<` takes in, nearest first. */
export function mergedInto(doc: Document, map: YAMLMap): YAMLMap[] {
	const merge = pairIn(map, '<<')?.value;
	return (isSeq(merge) ? merge.items : [merge]).flatMap(source => {
		const other = resolved(doc, source);
		return isMap(other) ? [other] : [];
	});
}

/** The pair that gives a key its value, own ones before merged ones. */
export function definingPair(doc: Document, map: YAMLMap, key: string): Pair | null {
	const own = pairIn(map, key);
	if (own) return own;
	for (const other of mergedInto(doc, map)) {
		const found = definingPair(doc, other, key);
		if (found) return found;
	}
	return null;
}

/** Where a node's own characters are; its anchor and tag stand before them, and stay. */
export const rangeOf = (node: Node): [number, number] => {
	const {range} = node;
	if (!range) throw new Error('a YAML node without a place in the text');
	return [range[0], range[1]];
};

/** A scalar in YAML, in the style of the one it replaces where the value allows that. */
export function scalarText(value: string, like: Scalar | null): string {
	const style = like?.type === 'QUOTE_DOUBLE' || like?.type === 'QUOTE_SINGLE' ? like.type : 'PLAIN';
	const breaks = /[\r\n]/.test(value);
	return stringify(value, {
		defaultStringType: breaks ? 'QUOTE_DOUBLE' : style,
		lineWidth: 0,
		blockQuote: false,
	}).trimEnd();
}

export const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;

/** Offset behind the line end of the line that `at` stands on. */
export const lineAfter = (text: string, at: number): number => {
	const end = text.indexOf('\n', at);
	return end < 0 ? text.length : end + 1;
};

export const lineBreak = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n');

/** New lines before the line on which `node` begins, indented like it. Null when something else stands before it there. */
export function lineBefore(text: string, node: Node, ...lines: string[]): Edit | null {
	const [at] = rangeOf(node);
	const start = lineStart(text, at);
	const indent = text.slice(start, at);
	return /^[ \t]*$/.test(indent)
		? {start, end: start, text: lines.map(line => `${indent}${line}${lineBreak(text)}`).join('')}
		: null;
}
