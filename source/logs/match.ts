import type {Message} from '../core/message.ts';
import {messages} from '../messages/index.ts';
import {requiredWords} from './literals.ts';
import {Scanner} from './scanner.ts';

/** A message in a line, with the names that the sentence holds. */
export type Match = {message: Message; names: string[]; from: number; to: number};

/** Codes with a letter stand for themselves; numbers only beside the word for them. */
const code =
	/(?:SQL ?STATE|errcode|err_?code|\bcode|FATAL|ERROR|PANIC)["']?\W{0,6}([0-9A-Z]{5})\b|\b(28P01|3D000|57P0[1-5]|42P\d\d|40P01|55P03|25P0\d|58P01|XX00\d|3F000|F0000)\b/gi;

const coded = messages.filter(({sqlstate}) => sqlstate);
/** Sentences in which no word is long enough to look for: they are tried on every line that is looked at. */
const always = messages.filter(({says}) => requiredWords(says) === null);

const wordsOf = new Map<string, Message[]>();
for (const message of messages)
	for (const word of requiredWords(message.says) ?? []) {
		const known = wordsOf.get(word);
		if (known) known.push(message);
		else wordsOf.set(word, [message]);
	}
/** SQLSTATE codes that no sentence of ours needs to accompany. */
const codes = [...new Set(coded.flatMap(({sqlstate}) => sqlstate ?? []))];
for (const word of codes) if (!wordsOf.has(word.toLowerCase())) wordsOf.set(word.toLowerCase(), []);

const vocabulary = [...wordsOf.keys()];

/** Finds the lines that may hold a message. */
export const scanner = new Scanner(vocabulary);

function tryOne(message: Message, text: string): Match | null {
	const found = message.says.exec(text);
	if (!found) return null;
	const names = Object.values(found.groups ?? {}).filter(name => name !== undefined);
	return {message, names, from: found.index, to: found.index + found[0].length};
}

/** Every message of the catalogue that a line holds. The line is plain: see `readLine`. */
export function messagesIn(text: string): Match[] {
	const bytes = new TextEncoder().encode(text);
	const candidates = new Set<Message>(always);
	scanner.scan(bytes, 0, bytes.length, (word, at) => {
		for (const message of wordsOf.get(vocabulary[word] ?? '') ?? []) candidates.add(message);
		return at + 1;
	});
	const found: Match[] = [];
	for (const message of candidates) {
		const match = tryOne(message, text);
		if (match) found.push(match);
	}
	const states = new Set([...text.matchAll(code)].map(match => (match[1] ?? match[2] ?? '').toUpperCase()));
	if (states.size === 0) return found;
	for (const message of coded) {
		const state = message.sqlstate?.find(known => states.has(known));
		// Where the sentence itself is there, it says more than its code.
		const said =
			state !== undefined && found.some(({message: {sqlstate, id}}) => id === message.id || sqlstate?.includes(state));
		if (state !== undefined && !said) found.push({message, names: [], from: 0, to: 0});
	}
	return found;
}
