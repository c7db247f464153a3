/** One `$NAME` or `${NAME…}` in a value. */
export type Reference = {
	name: string;
	/** What happens without a value: blank, a default, an error, or (`+`) the other way round. */
	kind: 'plain' | 'default' | 'required' | 'replacement';
	/** With a colon an empty value counts as none. */
	colon: boolean;
	operand: readonly Piece[];
};
export type Piece = string | Reference;

export type Template = {pieces: readonly Piece[] /** Why Compose refuses it, or null. */; problem: string | null};

export type Lookup = (name: string) => string | undefined;

const named = /[A-Za-z_][A-Za-z0-9_]*/y;
const operator = /:?[-?+]/y;
const kinds = {'-': 'default', '?': 'required', '+': 'replacement'} as const;

/** Position of the `}` that closes the brace opened before `from`, nested ones skipped; -1 without one. */
function closing(text: string, from: number): number {
	let depth = 1;
	for (let at = from; at < text.length; at++) {
		if (text.startsWith('${', at)) {
			depth++;
			at++;
		} else if (text[at] === '}' && --depth === 0) return at;
	}
	return -1;
}

function match(pattern: RegExp, text: string, at: number): string | null {
	pattern.lastIndex = at;
	return pattern.exec(text)?.[0] ?? null;
}

/**
 * Takes a value apart as Compose v2 does (compose-go, package `template`): `$$` is a dollar sign, `$1`, `$(` and a lone `$` stay
 * as they are, and what stands in `${` must be a name.
 */
export function parseTemplate(text: string): Template {
	const pieces: Piece[] = [];
	let problem: string | null = null;
	let literal = '';
	const push = (reference: Reference): void => {
		if (literal !== '') pieces.push(literal);
		literal = '';
		pieces.push(reference);
	};
	for (let at = 0; at < text.length; ) {
		if (text[at] !== '$') {
			literal += text[at++];
			continue;
		}
		if (text[at + 1] === '$') {
			literal += '$';
			at += 2;
			continue;
		}
		const plain = match(named, text, at + 1);
		if (plain) {
			push({name: plain, kind: 'plain', colon: false, operand: []});
			at += 1 + plain.length;
			continue;
		}
		if (text[at + 1] !== '{') {
			literal += text[at++];
			continue;
		}
		const end = closing(text, at + 2);
		const name = match(named, text, at + 2);
		const after = at + 2 + (name?.length ?? 0);
		const sign = name ? match(operator, text, after) : null;
		if (end < 0 || !name || (!sign && after !== end)) {
			problem = 'invalid interpolation format';
			literal += text[at++];
			continue;
		}
		const inner = sign ? parseTemplate(text.slice(after + sign.length, end)) : null;
		problem ??= inner?.problem ?? null;
		push({
			name,
			kind: sign ? kinds[sign.at(-1) as keyof typeof kinds] : 'plain',
			colon: sign?.startsWith(':') ?? false,
			operand: inner?.pieces ?? [],
		});
		at = end + 1;
	}
	if (literal !== '') pieces.push(literal);
	return {pieces, problem};
}

const hasValue = ({name, colon}: Reference, lookup: Lookup): boolean => {
	const value = lookup(name);
	return value !== undefined && !(colon && value === '');
};

/** The value that Compose would put in place; what is missing becomes a blank. */
export const substitute = (pieces: readonly Piece[], lookup: Lookup): string =>
	pieces
		.map(piece => {
			if (typeof piece === 'string') return piece;
			const present = hasValue(piece, lookup);
			if (piece.kind === 'replacement') return present ? substitute(piece.operand, lookup) : '';
			if (piece.kind === 'default' && !present) return substitute(piece.operand, lookup);
			return lookup(piece.name) ?? '';
		})
		.join('');

/** Every reference that Compose would look up, those of a default only when the default is taken. */
export const references = (pieces: readonly Piece[], lookup: Lookup): Reference[] =>
	pieces.flatMap(piece => {
		if (typeof piece === 'string') return [];
		const taken =
			piece.kind === 'default' ? !hasValue(piece, lookup) : piece.kind === 'replacement' && hasValue(piece, lookup);
		return [piece, ...(taken ? references(piece.operand, lookup) : [])];
	});

/** The names that a value comes from now: of a default that is taken, the names in it, else its own. */
export const sources = (pieces: readonly Piece[], lookup: Lookup): string[] =>
	pieces.flatMap(piece => {
		if (typeof piece === 'string') return [];
		const inner = piece.kind === 'default' && !hasValue(piece, lookup) ? sources(piece.operand, lookup) : [];
		return inner.length > 0 ? inner : [piece.name];
	});
