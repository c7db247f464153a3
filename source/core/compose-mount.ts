import {isAlias, isMap, isScalar, isSeq, type Node, type Pair, parseDocument, type YAMLMap} from 'yaml';

/**
 * Another mount for a service, in its Compose file. Plain JSON.
 * `source` is a volume's own name or a path of this machine as a Compose file writes it.
 */
export type MountChange = {
	service: string;
	/** Where the present mount sits in the container. */
	at: string;
	source: string;
	/** Where the new one sits. */
	destination: string;
	/** A volume that Compose did not make: it is declared as external under its own name, so that `down --volumes` leaves it. */
	external: boolean;
};

type Edit = {start: number; end: number; text: string};

const keyOf = (pair: Pair): string => (isScalar(pair.key) ? String(pair.key.value) : '');
const pairIn = (map: unknown, key: string): Pair | null =>
	isMap(map) ? ((map.items as Pair[]).find(pair => keyOf(pair) === key) ?? null) : null;

const rangeOf = (node: unknown): [number, number] => {
	const {range} = node as Node;
	if (!range) throw new Error('a YAML node without a place in the text');
	return [range[0], range[1]];
};

const trimmed = (path: string): string => (path.length > 1 ? path.replace(/\/+$/, '') : path);

/** `SOURCE:TARGET[:MODE]`, the source in whatever spelling: it may hold a `${…}` with colons of its own. */
function shortTarget(text: string): {target: string; mode: string} | null {
	const found = /:(\/[^:]*)(:[a-zA-Z,]+)?$/.exec(text);
	return found ? {target: trimmed(found[1] ?? ''), mode: found[2] ?? ''} : null;
}

const quote = (text: string): string => (/^[\w./-]+(?::[\w./-]+)*$/.test(text) ? text : JSON.stringify(text));

/** In flow and block alike a plain scalar of this shape stays one; anything odd is quoted. */
function editItem(item: unknown, change: MountChange): Edit[] | null {
	if (isScalar(item) && typeof item.value === 'string') {
		const short = shortTarget(item.value);
		if (!short || short.target !== trimmed(change.at)) return null;
		const [start, end] = rangeOf(item);
		return [{start, end, text: quote(`${change.source}:${change.destination}${short.mode}`)}];
	}
	const value = (key: string): unknown => pairIn(item, key)?.value;
	const target = value('target');
	if (!isScalar(target) || typeof target.value !== 'string' || trimmed(target.value) !== trimmed(change.at))
		return null;
	const [source, type] = [value('source'), value('type')];
	if (!isScalar(source) || !isScalar(type) || value('volume') !== undefined) return null;
	return [
		[type, change.external ? 'volume' : 'bind'] as const,
		[source, change.source] as const,
		[target, change.destination] as const,
	].map(([node, text]) => ({start: rangeOf(node)[0], end: rangeOf(node)[1], text: quote(text)}));
}

const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;

/** Says that the volume is there already and not Compose's to make or to remove. */
function declare(text: string, contents: YAMLMap, name: string): Edit | null {
	const end = text.includes('\r\n') ? '\r\n' : '\n';
	const volumes = pairIn(contents, 'volumes');
	if (!volumes || volumes.value === null || (isScalar(volumes.value) && volumes.value.value === null)) {
		const lines = `  ${name}:${end}    external: true${end}`;
		if (volumes) {
			const at = text.indexOf('\n', rangeOf(volumes.key)[1]) + 1;
			return at > 0 ? {start: at, end: at, text: lines} : null;
		}
		const gap = text.endsWith('\n') ? '' : end;
		return {start: text.length, end: text.length, text: `${gap}volumes:${end}${lines}`};
	}
	const map = volumes.value;
	if (!isMap(map) || map.flow) return null;
	if (pairIn(map, name)) return null;
	const first = (map.items as Pair[])[0]?.key;
	if (!first) return null;
	const at = lineStart(text, rangeOf(first)[0]);
	const indent = text.slice(at, rangeOf(first)[0]);
	return /^[ \t]+$/.test(indent)
		? {start: at, end: at, text: `${indent}${name}:${end}${indent}  external: true${end}`}
		: null;
}

type Plain = {services?: Record<string, {volumes?: unknown[]}>; volumes?: Record<string, unknown>};

const plain = (text: string): Plain => {
	const doc = parseDocument(text, {merge: true, logLevel: 'silent'});
	if (doc.errors[0]) throw new Error(`not YAML: ${doc.errors[0].code}`);
	return (doc.toJS() ?? {}) as Plain;
};

const withoutMount = (file: Plain, {service, source, external}: MountChange, index: number): string => {
	const copy = structuredClone(file);
	const mounts = copy.services?.[service]?.volumes;
	if (mounts) mounts[index] = null;
	const {[source]: declared, ...others} = copy.volumes ?? {};
	return JSON.stringify({...copy, volumes: external ? others : {...others, ...(declared ? {[source]: declared} : {})}});
};

/** The index of the service's own mount that sits at this path; -1 where the file does not say so in a way that can be edited. */
export function mountIndex(text: string, service: string, at: string): number {
	const doc = parseDocument(text, {merge: true, logLevel: 'silent'});
	const list = pairIn(pairIn(pairIn(doc.contents, 'services')?.value, service)?.value, 'volumes')?.value;
	if (!isSeq(list)) return -1;
	const probe: MountChange = {service, at, source: 'x', destination: '/x', external: true};
	return list.items.findIndex(item => !isAlias(item) && editItem(item, probe) !== null);
}

/**
 * Gives a service another mount in place of one that it has, and leaves every other byte as it is.
 * @throws Error when the file has no such mount of the service's own, or would not say exactly that afterwards
 */
export function setServiceMount(text: string, change: MountChange): string {
	const doc = parseDocument(text, {merge: true, logLevel: 'silent'});
	if (doc.errors[0]) throw new Error(`not YAML: ${doc.errors[0].code}`);
	const index = mountIndex(text, change.service, change.at);
	const list = pairIn(pairIn(pairIn(doc.contents, 'services')?.value, change.service)?.value, 'volumes')?.value;
	const edits = isSeq(list) && index >= 0 ? editItem(list.items[index], change) : null;
	if (!edits || !isMap(doc.contents))
		throw new Error(`no mount at ${change.at} of ${change.service} that can be edited`);
	const declared = pairIn(pairIn(doc.contents, 'volumes')?.value, change.source);
	if (change.external && !declared) {
		const edit = declare(text, doc.contents, change.source);
		if (!edit) throw new Error('no place for the volume under volumes');
		edits.push(edit);
	}
	const changed = edits
		.toSorted((a, b) => b.start - a.start)
		.reduce((now, {start, end, text: by}) => now.slice(0, start) + by + now.slice(end), text);
	const [before, after] = [plain(text), plain(changed)];
	const mount = after.services?.[change.service]?.volumes?.[index];
	const says =
		typeof mount === 'string'
			? mount.startsWith(`${change.source}:${change.destination}`)
			: JSON.stringify(mount).includes(JSON.stringify(change.destination));
	if (
		!says ||
		withoutMount(before, change, index) !== withoutMount(after, change, index) ||
		(change.external && after.volumes?.[change.source] === undefined)
	)
		throw new Error(`the mount at ${change.at} of ${change.service} can not be changed safely`);
	return changed;
}
