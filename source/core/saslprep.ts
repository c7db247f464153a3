import {isIn} from './stringprep-tables.ts';

const spaces = /[\u00A0\u1680\u2000-\u200B\u202F\u205F\u3000]/gu;
// Written as alternatives because some of these join with their neighbour inside a character class.
const nothing = /\u00AD|\u034F|\u1806|[\u180B-\u180D]|\u200C|\u200D|\u2060|[\uFE00-\uFE0F]|\uFEFF/gu;
const ascii = /^[\0-\x7F]*$/;

/**
 * A password as PostgreSQL normalises it before SCRAM (`pg_saslprep` in src/common/saslprep.c). Where RFC 4013 and PostgreSQL
 * differ, PostgreSQL is followed: plain ASCII is taken as it is, even with control characters; the checks look at the
 * text after mapping but before NFKC; and what fails a check is used raw instead of being refused.
 */
export function saslprep(password: string): string {
	if (ascii.test(password)) return password;
	const mapped = password.replace(spaces, ' ').replace(nothing, '');
	const codes = Array.from(mapped, character => character.codePointAt(0) ?? 0);
	if (codes.length === 0 || codes.some(code => isIn('refused', code))) return password;
	if (codes.some(code => isIn('rightToLeft', code))) {
		const [first = 0, last = 0] = [codes[0], codes.at(-1)];
		if (codes.some(code => isIn('leftToRight', code))) return password;
		if (!isIn('rightToLeft', first) || !isIn('rightToLeft', last)) return password;
	}
	return mapped.normalize('NFKC');
}
