import {isMap, isScalar, type Node} from 'yaml';
import {canonical, openCompose, type Raw, rawOf} from './compose-service.ts';
import {applied, type Edit, keyOf, lineBreak, lineStart, open, pairIn, pairsOf, rangeOf} from './yaml-place.ts';

/** Names that a Compose file declares under its own `volumes:`. A file that can't be read declares none. */
export function declaredVolumes(text: string): string[] {
	const doc = open(text);
	const value = isMap(doc.contents) ? pairIn(doc.contents, 'volumes')?.value : null;
	return isMap(value) ? pairsOf(value).map(keyOf) : [];
}

/** New lines before the first entry of a list, and before the remarks that belong to it. */
function beforeFirst(text: string, node: Node, line: string): Edit | null {
	const [at] = rangeOf(node);
	let start = lineStart(text, at);
	const indent = text.slice(start, at);
	if (!/^[ \t]+$/.test(indent)) return null;
	for (let above = start; above > 0; ) {
		above = lineStart(text, above - 1);
		if (!text.slice(above, start).trimStart().startsWith('#')) break;
		start = above;
	}
	return {start, end: start, text: `${indent}${line}${lineBreak(text)}`};
}

function editFor(text: string, key: string): Edit | null {
	const doc = openCompose(text);
	if (!isMap(doc.contents)) return null;
	const pair = pairIn(doc.contents, 'volumes');
	const end = lineBreak(text);
	if (!pair) {
		const gap = text.endsWith('\n') ? '' : end;
		return {start: text.length, end: text.length, text: `${gap}${end}volumes:${end}  ${key}:${end}`};
	}
	const {value} = pair;
	if (isMap(value) && !value.flow) {
		const [first] = pairsOf(value);
		return first ? beforeFirst(text, first.key as Node, `${key}:`) : null;
	}
	if (isMap(value)) {
		const at = rangeOf(value)[0] + 1;
		return {start: at, end: at, text: value.items.length > 0 ? `${key}: {}, ` : `${key}: {}`};
	}
	// `volumes:` with nothing behind it.
	if (value !== null && !(isScalar(value) && value.value === null)) return null;
	const at = rangeOf(pair.key as Node)[1] + 1;
	return {start: at, end: at, text: `${end}  ${key}:`};
}

/**
 * Declares a named volume in a Compose file and leaves every other byte as it is.
 * @throws Error when the file is no YAML, has no place for it or declares that name already, or would say anything else afterwards
 */
export function declareVolume(text: string, key: string): string {
	const original = openCompose(text);
	const before = rawOf(original, original.contents) as {[key: string]: Raw};
	const declared = (before['volumes'] ?? {}) as {[key: string]: Raw};
	if (Object.hasOwn(declared, key)) throw new Error(`it declares a volume ${key} already`);
	const edit = editFor(text, key);
	if (!edit) throw new Error('its list of volumes has no safe place for another one');
	const changed = applied(text, edit);
	const doc = openCompose(changed);
	const after = rawOf(doc, doc.contents) as {[key: string]: Raw};
	const {[key]: own, ...rest} = (after['volumes'] ?? {}) as {[key: string]: Raw};
	const empty = own === null || canonical(own ?? null) === '{}';
	if (!empty || canonical({...after, volumes: rest}) !== canonical({...before, volumes: declared}))
		throw new Error('a volume can not be declared without changing something else');
	return changed;
}

/** One entry of a service's `volumes:`, as far as it mounts something at a place. */
export type MountEntry = {index: number; target: string; raw: Raw};

/**
 * The mounts of a service as its file writes them: `./data:/var/lib/data:z`, or a mapping with `target`.
 * @param fill replaces `${…}` as Compose would
 */
export function mountEntries(volumes: Raw, fill: (text: string) => string): MountEntry[] {
	if (!Array.isArray(volumes)) return [];
	return volumes.flatMap((raw, index): MountEntry[] => {
		if (typeof raw === 'string') {
			const target = /^.+?:(\/[^:]*)(?::[^:/]*)?$/.exec(fill(raw))?.[1];
			return target === undefined ? [] : [{index, target: trimmed(target), raw}];
		}
		const target = raw !== null && !Array.isArray(raw) ? raw['target'] : null;
		return typeof target === 'string' ? [{index, target: trimmed(fill(target)), raw}] : [];
	});
}

const trimmed = (path: string): string => (path.length > 1 ? path.replace(/\/+$/, '') : path);
