import {type Document, isAlias, isMap, isScalar, isSeq, type Node} from 'yaml';
import {childMap, definingPair, keyOf, mergedInto, open, pairIn, pairsOf, resolved} from './yaml-place.ts';

/** What a part of a Compose file says, before Compose replaces anything: scalars as they are written, without their quotes. */
export type Raw = string | null | Raw[] | {[key: string]: Raw};

/** Where something stands inside a service: `['deploy', 'resources', 'limits', 'memory']`, `['ports', 0, 'published']`. */
export type Path = readonly (string | number)[];

/** Merges and aliases are followed. A tag of Compose (`!reset`, `!override`) is kept as a mapping of its own, so that it never gets lost. */
export function rawOf(doc: Document, node: unknown): Raw {
	const target = resolved(doc, node);
	if (isAlias(node) && target === undefined) throw new Error(`an alias without its anchor: ${node.source}`);
	const {tag} = (target ?? {}) as {tag?: string};
	const value = untagged(doc, target);
	return tag?.startsWith('!') ? {[tag]: value} : value;
}

function untagged(doc: Document, node: unknown): Raw {
	if (isScalar(node)) {
		if (node.value === null || node.value === undefined) return null;
		return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
	}
	if (isSeq(node)) return node.items.map(item => rawOf(doc, item));
	if (!isMap(node)) return null;
	const found: Record<string, Raw> = {};
	for (const other of mergedInto(doc, node).toReversed()) Object.assign(found, rawOf(doc, other));
	for (const pair of pairsOf(node)) if (keyOf(pair) !== '<<') found[keyOf(pair)] = rawOf(doc, pair.value);
	return found;
}

/** The value at a path; null where there is none. */
export function rawAt(value: Raw, path: Path): Raw {
	let here: Raw = value;
	for (const key of path) {
		if (here === null || typeof here === 'string') return null;
		here = (Array.isArray(here) ? here[Number(key)] : Object.hasOwn(here, key) ? here[key] : null) ?? null;
	}
	return here;
}

/** The value with another one at a path; what has nothing left in it goes as well. Null takes the place away. */
export function rawWith(value: Raw, [key, ...rest]: Path, to: Raw): Raw {
	if (key === undefined) return to;
	const inner = (present: Raw): Raw => rawWith(present, rest, to);
	if (typeof key === 'number') {
		const list = Array.isArray(value) ? value : [];
		const item = inner(list[key] ?? null);
		const changed = [...list.slice(0, key), ...(item === null ? [] : [item]), ...list.slice(key + 1)];
		return changed.length > 0 ? changed : null;
	}
	const map = value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};
	const item = inner(map[key] ?? null);
	const {[key]: _old, ...others} = map;
	if (item === null) return Object.keys(others).length > 0 ? others : null;
	return {...map, [key]: item};
}

/** One spelling for equal values; the order of keys means nothing to Compose. */
export const canonical = (value: Raw): string =>
	JSON.stringify(value, (_key, inner: unknown) =>
		inner !== null && typeof inner === 'object' && !Array.isArray(inner)
			? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
			: inner,
	);

/** @throws Error when the text is no YAML that can be edited safely */
export function openCompose(text: string): Document.Parsed {
	const doc = open(text);
	if (doc.errors[0]) throw new Error(`not YAML: ${doc.errors[0].code}`);
	return doc;
}

/** The service as the file defines it; null when it does not. */
export function serviceNode(doc: Document, service: string): Node | null {
	const services = childMap(doc.contents, 'services');
	const value = services ? definingPair(doc, services, service)?.value : null;
	return (value as Node | null | undefined) ?? null;
}

/** What a Compose file says of a service, with merges and aliases followed. Null when it does not name it, or can't be read. */
export function readService(text: string, service: string): Raw {
	const doc = open(text);
	if (doc.errors.length > 0) return null;
	const node = serviceNode(doc, service);
	try {
		return node ? rawOf(doc, node) : null;
	} catch {
		return null;
	}
}

/** Names of the services that a Compose file defines itself. */
export function serviceNames(text: string): string[] {
	const doc = open(text);
	const services = isMap(doc.contents) ? resolved(doc, pairIn(doc.contents, 'services')?.value) : null;
	return isMap(services) ? pairsOf(services).map(keyOf) : [];
}
