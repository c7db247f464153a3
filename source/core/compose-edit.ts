import {
	type Document,
	isAlias,
	isMap,
	isScalar,
	isSeq,
	type Node,
	type Pair,
	type Scalar,
	type YAMLMap,
	type YAMLSeq,
} from 'yaml';
import {
	applied,
	childMap,
	definingPair,
	type Edit,
	lineBefore,
	lineBreak,
	lineStart,
	open,
	pairIn,
	rangeOf,
	resolved,
	scalarText,
} from './yaml-place.ts';

/**
 * Where a variable shall be set. `service`: for this one service, over anything it shares. `definition`: at the place where it
 * is written now, which other services may share by `<<: *anchor`.
 */
export type EditScope = 'service' | 'definition';

function replacing(pair: Pair, value: string): Edit | null {
	const node = pair.value as Node | null;
	if (node === null || (isScalar(node) && node.value === null && node.source === '')) {
		const [, end] = rangeOf(pair.key as Node);
		return {start: end, end: end + 1, text: `: ${scalarText(value, null)}`};
	}
	const [start, end] = rangeOf(node);
	if (isAlias(node)) return {start, end, text: scalarText(value, null)};
	return isScalar(node) ? {start, end, text: scalarText(value, node as Scalar)} : null;
}

function inMap(
	text: string,
	doc: Document,
	map: YAMLMap,
	variable: string,
	value: string,
	scope: EditScope,
): Edit | null {
	const pair = scope === 'definition' ? definingPair(doc, map, variable) : pairIn(map, variable);
	if (pair) return replacing(pair, value);
	const first = (map.items as Pair[])[0]?.key as Node | undefined;
	const [start] = rangeOf(map);
	if (map.flow || !first)
		return text[start] === '{'
			? {start: start + 1, end: start + 1, text: `${variable}: ${JSON.stringify(value)}${first ? ', ' : ''}`}
			: null;
	return lineBefore(text, first, `${variable}: ${scalarText(value, null)}`);
}

function inList(text: string, doc: Document, list: YAMLSeq, variable: string, value: string): Edit | null {
	const items = list.items.map(item => resolved(doc, item));
	const index = items.findLastIndex(item => isScalar(item) && String(item.value).split('=')[0] === variable);
	const assignment = `${variable}=${value}`;
	const node = list.items[index];
	if (isScalar(node)) {
		const [start, end] = rangeOf(node);
		return {start, end, text: scalarText(assignment, node)};
	}
	const first = list.items[0] as Node | undefined;
	if (list.flow || !first) {
		const [start] = rangeOf(list);
		return text[start] === '['
			? {start: start + 1, end: start + 1, text: `${JSON.stringify(assignment)}${first ? ', ' : ''}`}
			: null;
	}
	const [at] = rangeOf(first);
	const start = lineStart(text, at);
	const dash = /^[ \t]*-[ \t]+$/.exec(text.slice(start, at))?.[0];
	return dash === undefined
		? null
		: {start, end: start, text: `${dash}${scalarText(assignment, null)}${lineBreak(text)}`};
}

function editFor(
	text: string,
	doc: Document,
	service: string,
	variable: string,
	value: string,
	scope: EditScope,
): Edit | null {
	const own = childMap(childMap(doc.contents, 'services'), service);
	if (!own) return null;
	const environment = definingPair(doc, own, 'environment');
	if (!environment?.value) {
		const first = (own.items as Pair[])[0]?.key as Node | undefined;
		if (!first || own.flow) return null;
		const block = lineBefore(text, first, 'environment:');
		const indent = block ? (/^[ \t]*/.exec(block.text)?.[0] ?? '') : '';
		return (
			block && {...block, text: `${block.text}${indent}  ${variable}: ${scalarText(value, null)}${lineBreak(text)}`}
		);
	}
	const node = environment.value;
	const target = resolved(doc, node);
	if (isAlias(node) && scope === 'service' && isMap(target)) {
		const [start, end] = rangeOf(node);
		const indent = `${lineBreak(text)}${/^[ \t]*/.exec(text.slice(lineStart(text, start)))?.[0] ?? ''}  `;
		return {start, end, text: `${indent}<<: ${text.slice(start, end)}${indent}${variable}: ${scalarText(value, null)}`};
	}
	if (isMap(target)) return inMap(text, doc, target, variable, value, scope);
	return isSeq(target) ? inList(text, doc, target, variable, value) : null;
}

/** What a Compose file says for a variable of a service, before Compose replaces anything. Null when it says nothing. */
export function readServiceVariable(text: string, service: string, variable: string): string | null {
	const doc = open(text);
	if (doc.errors.length > 0) return null;
	const own = childMap(childMap(doc.contents, 'services'), service);
	const environment = own && resolved(doc, definingPair(doc, own, 'environment')?.value);
	if (isMap(environment)) {
		const value = resolved(doc, definingPair(doc, environment, variable)?.value);
		return isScalar(value) && value.value !== null ? (value.source ?? String(value.value)) : null;
	}
	if (!isSeq(environment)) return null;
	const item = environment.items
		.map(one => resolved(doc, one))
		.findLast(one => isScalar(one) && String(one.value).split('=')[0] === variable);
	return isScalar(item) && String(item.value).includes('=') ? String(item.value).slice(variable.length + 1) : null;
}

/**
 * Sets one variable of a service in a Compose file and leaves every other byte as it is.
 * @param value as it shall stand there, in Compose's own spelling: `${NAME}` is a reference, `$$` is one `$`
 * @throws Error when the file can't be read as YAML, lacks the service, or would not say the same afterwards
 */
export function setServiceVariable(
	text: string,
	service: string,
	variable: string,
	value: string,
	scope: EditScope = 'service',
): string {
	const doc = open(text);
	if (doc.errors[0]) throw new Error(`not YAML: ${doc.errors[0].code}`);
	const edit = editFor(text, doc, service, variable, value, scope);
	if (!edit) throw new Error(`no place for ${variable} of ${service}`);
	const changed = applied(text, edit);
	if (readServiceVariable(changed, service, variable) !== value)
		throw new Error(`${variable} of ${service} can not be set safely`);
	return changed;
}

/** Writes a text so that Compose leaves it as it is. */
export const escapeDollars = (text: string): string => text.replaceAll('$', '$$$$');
