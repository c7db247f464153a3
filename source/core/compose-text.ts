import {
	type Document,
	isAlias,
	isMap,
	isScalar,
	isSeq,
	LineCounter,
	type Node,
	parseDocument,
	type YAMLMap,
} from 'yaml';

/** A value in a Compose file, with the place where it is written: behind an anchor that is where the anchor stands. */
export type Written = {text: string; line: number; file: string};

export type ComposeService = {
	name: string;
	image: Written | null;
	profiles: string[];
	dependsOn: string[];
	/** `scale` or `deploy.replicas`, when a number stands there. */
	replicas: number | null;
	/** A name without a value is passed on from where Compose runs. */
	environment: Map<string, Written | {text: null; line: number; file: string}>;
	envFiles: {path: Written; required: boolean}[];
	/** Every other text of the service, by the top-level key that it belongs to. */
	others: {key: string; value: Written}[];
	/** Paths inside the container where something is mounted. */
	mountedAt: string[];
	extends: {service: string; file: string | null} | null;
};

export type ComposeText = {
	file: string;
	name: string | null;
	include: string[];
	services: Map<string, ComposeService>;
	/** Why it can't be read as Compose reads it, or null. */
	problem: string | null;
};

type Reader = {document: Document; lines: LineCounter; file: string; problems: string[]};

const lineOf = (node: unknown, {lines}: Reader): number => {
	const start = (node as Node | null)?.range?.[0];
	return start === undefined ? 1 : lines.linePos(start).line;
};

function follow(node: unknown, reader: Reader): unknown {
	if (!isAlias(node)) return node;
	const target = node.resolve(reader.document);
	if (!target) reader.problems.push(`line ${lineOf(node, reader)}: unknown anchor '${node.source}' referenced`);
	return target;
}

/** The entries of a mapping, those of `<<` included where nothing nearer says otherwise (YAML's merge key). */
function entriesOf(node: unknown, reader: Reader): Map<string, {key: unknown; value: unknown}> {
	const found = new Map<string, {key: unknown; value: unknown}>();
	const map = follow(node, reader);
	if (!isMap(map)) return found;
	const merged: unknown[] = [];
	for (const {key, value} of (map as YAMLMap).items) {
		// The library gives the merge key a value of its own kind.
		const name =
			isScalar(key) && typeof key.value !== 'string'
				? (key.source ?? String(key.value))
				: String(isScalar(key) ? key.value : key);
		if (name === '<<') {
			const source = follow(value, reader);
			merged.push(...(isSeq(source) ? source.items : [source]));
		} else found.set(name, {key, value: follow(value, reader)});
	}
	for (const source of merged)
		for (const [name, entry] of entriesOf(source, reader)) if (!found.has(name)) found.set(name, entry);
	return found;
}

const itemsOf = (node: unknown, reader: Reader): unknown[] => {
	const list = follow(node, reader);
	return isSeq(list) ? list.items.map(item => follow(item, reader)) : [];
};

/** YAML's numbers and booleans reach a container as they are written, not as JavaScript would print them. */
function textOf(node: unknown): string | null {
	if (!isScalar(node) || node.value === null || node.value === undefined) return null;
	return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
}

const written = (node: unknown, reader: Reader, at: unknown = node): Written | null => {
	const text = textOf(node);
	return text === null ? null : {text, line: lineOf(at, reader), file: reader.file};
};

const strings = (node: unknown, reader: Reader): string[] => {
	const own = textOf(node);
	return own === null ? itemsOf(node, reader).flatMap(item => textOf(item) ?? []) : [own];
};

function environmentOf(node: unknown, reader: Reader): ComposeService['environment'] {
	const found: ComposeService['environment'] = new Map();
	for (const [name, {key, value}] of entriesOf(node, reader))
		found.set(name, {
			text: textOf(value),
			line: lineOf(textOf(value) === null ? key : value, reader),
			file: reader.file,
		});
	for (const item of itemsOf(node, reader)) {
		const text = textOf(item) ?? '';
		const at = text.indexOf('=');
		const place = {line: lineOf(item, reader), file: reader.file};
		if (at < 0) found.set(text, {text: null, ...place});
		else found.set(text.slice(0, at), {text: text.slice(at + 1), ...place});
	}
	return found;
}

function envFilesOf(node: unknown, reader: Reader): ComposeService['envFiles'] {
	const nodes = isSeq(node) ? itemsOf(node, reader) : node ? [node] : [];
	return nodes.flatMap(item => {
		const entries = entriesOf(item, reader);
		const path = written(entries.get('path')?.value ?? item, reader);
		return path ? [{path, required: textOf(entries.get('required')?.value) !== 'false'}] : [];
	});
}

/** All texts below a node. */
function textsIn(node: unknown, reader: Reader): Written[] {
	const own = written(node, reader);
	if (own) return [own];
	const inner = isSeq(node) ? itemsOf(node, reader) : [...entriesOf(node, reader).values()].map(({value}) => value);
	return inner.flatMap(value => textsIn(value, reader));
}

/** `source:target:mode` as Compose writes it; a Windows source has a colon of its own. */
const targetOf = (text: string): string => {
	const parts = text.replace(/^[A-Za-z]:(?=[\\/])/, '').split(':');
	return parts.length > 1 ? (parts[1] ?? '') : (parts[0] ?? '');
};

function readService(name: string, node: unknown, reader: Reader): ComposeService {
	const entries = entriesOf(node, reader);
	const at = (key: string): unknown => entries.get(key)?.value;
	const depends = at('depends_on');
	const scale = textOf(at('scale')) ?? textOf(entriesOf(at('deploy'), reader).get('replicas')?.value);
	const parent = at('extends');
	const parentEntries = entriesOf(parent, reader);
	const parentName = textOf(parent) ?? textOf(parentEntries.get('service')?.value);
	const own = ['environment', 'env_file', 'profiles', 'depends_on', 'extends'];
	return {
		name,
		image: written(at('image'), reader),
		profiles: strings(at('profiles'), reader),
		dependsOn: [...strings(depends, reader), ...entriesOf(depends, reader).keys()],
		replicas: scale !== null && /^\d+$/.test(scale) ? Number(scale) : null,
		environment: environmentOf(at('environment'), reader),
		envFiles: envFilesOf(at('env_file'), reader),
		others: [...entries].flatMap(([key, {value}]) =>
			own.includes(key) ? [] : textsIn(value, reader).map(text => ({key, value: text})),
		),
		mountedAt: itemsOf(at('volumes'), reader).flatMap(item => {
			const long = textOf(entriesOf(item, reader).get('target')?.value);
			return long ?? (textOf(item) === null ? [] : targetOf(textOf(item) ?? ''));
		}),
		extends: parentName === null ? null : {service: parentName, file: textOf(parentEntries.get('file')?.value)},
	};
}

/**
 * Reads one Compose file with the place of every value. Nothing is interpolated yet.
 * @param file its path, which is carried along
 */
export function parseCompose(file: string, text: string): ComposeText {
	const lines = new LineCounter();
	const document = parseDocument(text, {lineCounter: lines, prettyErrors: false, merge: true, logLevel: 'silent'});
	const reader: Reader = {document, lines, file, problems: []};
	const root = entriesOf(document.contents, reader);
	const error = document.errors[0];
	const services = new Map(
		[...entriesOf(root.get('services')?.value, reader)].map(
			([name, {value}]) => [name, readService(name, value, reader)] as const,
		),
	);
	return {
		file,
		name: textOf(root.get('name')?.value),
		include: itemsOf(root.get('include')?.value, reader).flatMap(item => {
			const path = entriesOf(item, reader).get('path')?.value;
			return path === undefined ? strings(item, reader) : strings(path, reader);
		}),
		services,
		problem: error
			? `line ${lines.linePos(error.pos[0]).line}: ${error.message}`
			: document.contents !== null && !isMap(document.contents)
				? 'line 1: not a mapping'
				: (reader.problems[0] ?? null),
	};
}
