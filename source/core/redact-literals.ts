import {wellFormed} from './hostile.ts';

/** Words that stand in ordinary messages. As a password they are masked only where a password stands. */
const ordinary = new Set(
	`admin administrator api app authentication cache client connection container database db default dev dify docker example failed
	fatal guest host http https local localhost login master mysql nginx none null pass passwd password pgvector port postgres
	postgresql prod production public redis role root sandbox secret server service sql ssrf staging superuser system test token
	true false trust user username weaviate web worker yes error warning info log detail hint plugin daemon plugin_daemon
	scram md5 peer reject ident`.split(/\s+/),
);

/** Too short, too plain or public anyway: hiding it everywhere would blank out ordinary text and hide nothing. */
export const isWeak = (value: string, open: ReadonlySet<string>): boolean =>
	value.length < 4 || /^\d{1,5}$/.test(value) || ordinary.has(value.toLowerCase()) || open.has(value.toLowerCase());

const percent = (text: string): string =>
	`%${[...new TextEncoder().encode(text)].map(byte => byte.toString(16).padStart(2, '0').toUpperCase()).join('%')}`;
const percentEncoded = (value: string): string => encodeURIComponent(wellFormed(value)).replace(/[!'()*]/g, percent);

const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));

/** The signs of a base64 text that depend on the value alone, for each of the three places where it can start in what was encoded. */
function base64Cores(value: string): string[] {
	const bytes = new TextEncoder().encode(value);
	if (bytes.length > 4096) return [];
	return [0, 1, 2].map(shift => {
		const text = base64(new Uint8Array([...new Uint8Array(shift), ...bytes])).replace(/=+$/, '');
		const end = (bytes.length + shift) % 3 === 0 ? text.length : text.length - 1;
		return text.slice([0, 2, 3][shift], end);
	});
}

const jsonInner = (value: string): string => JSON.stringify(value).slice(1, -1);
const asciiOnly = (text: string): string =>
	text.replace(/[^\x00-\x7f]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
/** As Go's encoding/json writes it. */
const goJson = (text: string): string =>
	text.replace(/[<>&]/g, sign => `\\u00${sign.charCodeAt(0).toString(16).padStart(2, '0')}`);
const html = (text: string): string =>
	text
		.replace(/&/g, '&amp;')
		.replace(/</g, '&lt;')
		.replace(/>/g, '&gt;')
		.replace(/"/g, '&quot;')
		.replace(/'/g, '&#39;');

/** The value as a careless reader of a file would also take it: without quotes, blanks and line ends around it. */
function readings(value: string): string[] {
	const trimmed = value.trim();
	const unquoted = /^(["'])([\s\S]+)\1$/.exec(trimmed)?.[2] ?? trimmed;
	const lines = value.split(/\r?\n/).filter(line => line.length >= 16);
	return [value, trimmed, unquoted, unquoted.trim(), ...lines];
}

/** All spellings in which a value turns up in files, URLs, logs and error texts. */
export function spellings(value: string): string[] {
	const all = readings(value).flatMap(reading => [
		reading,
		reading.normalize('NFC'),
		reading.normalize('NFD'),
		reading.normalize('NFKC'),
	]);
	const found = new Set<string>();
	for (const reading of new Set(all)) {
		if (reading === '') continue;
		const encoded = percentEncoded(reading);
		const json = jsonInner(reading);
		const plain = [
			reading,
			encoded,
			encoded.replace(/%[0-9A-F]{2}/g, code => code.toLowerCase()),
			encoded.replace(/%20/g, '+'),
			encodeURI(wellFormed(reading)),
			encodeURIComponent(wellFormed(reading)),
			encodeURIComponent(encoded),
			json,
			jsonInner(json),
			goJson(json),
			asciiOnly(json),
			html(reading),
			reading.replace(/\$/g, '$$$$'),
			reading.replace(/'/g, "''"),
			reading.replace(/'/g, "'\\''"),
			reading.replace(/(["'\\$`])/g, '\\$1'),
			reading.replace(/([^\w@%+=:,./-])/g, '\\$1'),
			// A file written by the server's or a shell's escaping.
			reading.replace(/\\/g, '\\\\').replace(/'/g, "\\'"),
		];
		for (const text of plain) found.add(text);
		for (const core of base64Cores(reading)) {
			// Short cores would hit by chance.
			if (core.length < 8) continue;
			found.add(core);
			found.add(core.replace(/\+/g, '-').replace(/\//g, '_'));
		}
		const hex = [...new TextEncoder().encode(reading)].map(byte => byte.toString(16).padStart(2, '0')).join('');
		if (hex.length >= 12) found.add(hex).add(hex.toUpperCase());
	}
	return [...found];
}

/**
 * Pieces that URL parsers quote when a password has unescaped signs in it. They are hidden only next to a quote, a colon or
 * an at sign, for alone they may be ordinary words.
 */
export const pieces = (value: string): string[] =>
	/[@/?#%:[\]]/.test(value) ? value.split(/[@/?#:[\]]/).filter(piece => piece.length >= 2 && piece !== value) : [];
