/** Something that a script makes. A relation is a table, view or sequence, with its schema where the script names one. */
export type ScriptObject = {kind: 'relation' | 'role' | 'database' | 'schema'; name: string};

const name = String.raw`((?:"[^"\n]+"|[\p{L}_][\p{L}\p{N}_$]*)(?:\.(?:"[^"\n]+"|[\p{L}_][\p{L}\p{N}_$]*))?)`;
const makers: readonly [ScriptObject['kind'], RegExp][] = [
	[
		'relation',
		new RegExp(
			String.raw`\bcreate\s+(?:or\s+replace\s+)?(?:unlogged\s+)?(?:table|(?:materialized\s+)?view|sequence)\s+(?:if\s+not\s+exists\s+)?${name}`,
			'giu',
		),
	],
	['role', new RegExp(String.raw`\bcreate\s+(?:role|user)\s+(?!mapping\b)${name}`, 'giu')],
	['database', new RegExp(String.raw`\bcreate\s+database\s+${name}`, 'giu')],
	['schema', new RegExp(String.raw`\bcreate\s+schema\s+(?:if\s+not\s+exists\s+)?(?!authorization\b)${name}`, 'giu')],
];

const comments = /--[^\n]*|\/\*[\s\S]*?\*\//g;

/** An identifier as PostgreSQL folds it: in lower case, unless it is quoted. */
const folded = (part: string): string => (part.startsWith('"') ? part.slice(1, -1) : part.toLowerCase());

/** What a script (SQL, or a shell script that feeds psql) makes, as far as it is written out: names only, nothing else of the text. */
export function objectsMadeBy(text: string): ScriptObject[] {
	const plain = text.replace(comments, ' ');
	const found = makers.flatMap(([kind, pattern]) =>
		[...plain.matchAll(pattern)].map(match => ({
			kind,
			name: (match[1]?.match(/"[^"]+"|[^.]+/g) ?? []).map(folded).join('.'),
		})),
	);
	return found.filter(
		(one, index) => found.findIndex(({kind, name}) => kind === one.kind && name === one.name) === index,
	);
}
