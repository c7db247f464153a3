/** Encodings that servers and consoles with other locales really write, in the order in which they are tried. */
const others = ['gb18030', 'windows-1251', 'windows-1252', 'shift_jis', 'euc-kr', 'big5'] as const;

/** Bytes that are no UTF-8, read in each of the encodings that may be meant. */
export const otherReadings = (bytes: Uint8Array): string[] => others.map(name => new TextDecoder(name).decode(bytes));

export const isUtf8 = (bytes: Uint8Array): boolean => {
	try {
		new TextDecoder('utf-8', {fatal: true}).decode(bytes);
		return true;
	} catch {
		return false;
	}
};

/** What windows-1252 shows for the bytes 0x80 to 0x9f. */
const upper = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';
/** Two or more signs that UTF-8 shows when it is taken for windows-1252: a lead byte and what follows it. */
const doubled = /[\u00c2-\u00ef][\u0080-\u00bf\u0152-\u0192\u02c6-\u02dc\u2013-\u203a\u20ac\u2122]/;

/** Undoes UTF-8 that was once taken for windows-1252 (`è‡´å‘½é”™è¯¯`); null when the text is nothing of the kind. */
export function withoutMojibake(text: string): string | null {
	if (!doubled.test(text)) return null;
	const bytes: number[] = [];
	for (const sign of text) {
		const code = sign.charCodeAt(0);
		const place = upper.indexOf(sign);
		if (place >= 0) bytes.push(0x80 + place);
		else if (code < 256) bytes.push(code);
		else return null;
	}
	try {
		return new TextDecoder('utf-8', {fatal: true}).decode(new Uint8Array(bytes));
	} catch {
		return null;
	}
}
