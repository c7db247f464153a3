import {tame} from '../core/hostile.ts';

/** A pasted line, freed of what carried it. `at` is in epoch milliseconds; `service` is `''` where nothing names one. */
export type PastedLine = {service: string; at: number | null; text: string};

/** `docker-api-1  | `, `api-1 | `, `db_1 |`. Names of containers only, so that a table or a prompt is none. */
const composePrefix = /^\s{0,8}([A-Za-z0-9][\w.-]{0,99})\s{0,80}\|(?!\|)\s?/;
/** `[pod/db-0/postgres] ` of kubectl and `db-0 postgres ` of nobody: only what is unmistakable. */
const kubectlPrefix = /^\[pod\/[^/\s\]]{1,100}\/([^\s\]]{1,100})\]\s?/;
/** `Aug 13 11:44:00 host app[123]: ` */
const syslogPrefix = /^([A-Z][a-z]{2} {1,2}\d{1,2} \d{2}:\d{2}:\d{2}) (\S{1,100}) ([\w./-]{1,60})(?:\[\d+\])?: /;
const timePrefix =
	/^\[?(\d{4}[-/]\d{2}[-/]\d{2}[T ]\d{2}:\d{2}:\d{2})(?:[.,](\d{1,9}))?\s?(Z|UTC|GMT|[+-]\d{2}:?\d{2})?\]?(?=\s|$)\s?/;
/** PostgreSQL's own time stands after what other programs put in front, and belongs to the sentence. */
const anyTime = /\b(\d{4}[-/]\d{2}[-/]\d{2}[T ]\d{2}:\d{2}:\d{2})(?:[.,](\d{1,9}))?\s?(Z|UTC|GMT|[+-]\d{2}:?\d{2})?/;
/** Words that end like a container's name and are none. */
const noService = /^(?:stderr|stdout|error|info|warn|warning|debug|fatal|log|hint|detail|id|name|\d+)$/i;

const millis = (match: RegExpExecArray): number | null => {
	const [, day = '', fraction = '', zone = ''] = match;
	const offset = /^[+-]/.test(zone) ? zone : 'Z';
	const time = Date.parse(
		`${day.replaceAll('/', '-').replace(' ', 'T')}.${fraction.slice(0, 3).padEnd(3, '0')}${offset}`,
	);
	return Number.isNaN(time) ? null : time;
};

/** `docker-plugin_daemon-1` -> `docker-plugin_daemon`: the number of the replica says nothing. */
const withoutNumber = (name: string): string => name.replace(/[-_]\d{1,3}$/, '');

const controls: Readonly<Record<string, string>> = {
	n: ' ',
	r: ' ',
	t: ' ',
	b: ' ',
	f: ' ',
	'"': '"',
	"'": "'",
	'/': '/',
	'\\': '\\',
};

/** Undoes what JSON, syslog and HTML do to a sentence, and every odd quote and blank: the catalogue knows one spelling. */
export function plainSentence(text: string): string {
	let plain = text;
	if (plain.includes('\\'))
		plain = plain.replace(/\\(?:u([0-9a-fA-F]{4})|(["'/nrtbf\\]))/g, (_, code: string | undefined, sign: string) =>
			code ? String.fromCharCode(Number.parseInt(code, 16)) : (controls[sign] ?? sign),
		);
	if (plain.includes('#01')) plain = plain.replace(/#01[0-5]/g, ' ');
	if (plain.includes('&'))
		plain = plain
			.replace(/&quot;|&#0?34;/g, '"')
			.replace(/&#0?39;|&apos;/g, "'")
			.replace(/&gt;/g, '>');
	return plain
		.replace(/[“”„]/g, '"')
		.replace(/[‘’]/g, "'")
		.replace(/[\s\u00a0\u202f]+/g, ' ')
		.trim();
}

/** All strings of an object, the telling ones first. */
function words(value: unknown, depth = 0): string[] {
	if (typeof value === 'string') return [value];
	if (typeof value === 'number') return [String(value)];
	if (depth > 4 || !value || typeof value !== 'object') return [];
	return Object.entries(value).flatMap(([key, item]) => {
		const inner = words(item, depth + 1);
		return /^(?:code|sqlstate|routine|severity|exitcode)$/i.test(key) ? inner.map(word => `${key}: ${word}`) : inner;
	});
}

type Json = {text: string; at: number | null; service: string | null};

/** A line of Docker's json-file driver, or of an application that logs objects; null for anything else. */
function readJson(text: string): Json | null {
	if (!text.startsWith('{') || !text.endsWith('}')) return null;
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return null;
	}
	if (!value || typeof value !== 'object' || Array.isArray(value)) return null;
	const object = value as Record<string, unknown>;
	const stamp = object.time ?? object.timestamp ?? object['@timestamp'] ?? object.ts;
	const time = typeof stamp === 'string' ? Date.parse(stamp) : Number.NaN;
	const named = object.container_name ?? object.service ?? object['com.docker.compose.service'] ?? object.container;
	return {
		text: typeof object.log === 'string' ? object.log : words(object).join(' '),
		at: Number.isNaN(time) ? null : time,
		service: typeof named === 'string' ? named.replace(/^\//, '') : null,
	};
}

/**
 * Takes off what carried a line here: colours, prefixes of Compose, Kubernetes and syslog, the engine's time (also twice), JSON.
 * @param raw one line without its line feed, from anywhere
 */
export function readLine(raw: string): PastedLine {
	let text = tame(raw, Number.POSITIVE_INFINITY);
	let service = '';
	let at: number | null = null;
	for (let round = 0; round < 6; round++) {
		const rest = text.trimStart();
		const json = readJson(rest.trimEnd());
		if (json) {
			text = json.text.replace(/\s+$/, '');
			at ??= json.at;
			service ||= json.service ?? '';
			continue;
		}
		const time = timePrefix.exec(rest);
		// The last time before a server's `[pid]` is its own, and stays where it is.
		if (time) {
			at ??= millis(time);
			text = rest.slice(time[0].length);
			continue;
		}
		const named = kubectlPrefix.exec(rest) ?? (service ? null : composePrefix.exec(rest));
		if (named?.[1] && !noService.test(named[1])) {
			service ||= named[1];
			text = rest.slice(named[0].length);
			continue;
		}
		const syslog = syslogPrefix.exec(rest);
		if (syslog) {
			service ||= syslog[3] ?? '';
			text = rest.slice(syslog[0].length);
			continue;
		}
		break;
	}
	const own = at === null ? anyTime.exec(text.slice(0, 200)) : null;
	return {service: withoutNumber(service), at: at ?? (own ? millis(own) : null), text: plainSentence(text)};
}
