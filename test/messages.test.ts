import {describe, expect, test} from 'vitest';
import {anyOf} from '../source/core/message.ts';
import {requiredWords} from '../source/logs/literals.ts';
import {proofs} from '../source/logs/proof.ts';
import {messages} from '../source/messages/index.ts';
import {contractIds} from '../source/tree/contract.ts';

const han = /\p{Script=Han}/u;
const commands = (text: string): string[] => [...text.matchAll(/`[^`]+`/g)].map(([match]) => match).sort();

/** Diagnoses that no line of a log can speak of, and why. */
const silent: Record<string, string> = {};

describe('the catalogue of what programs say', () => {
	test('names each sentence once', () => {
		expect(new Set(messages.map(({id}) => id)).size).toBe(messages.length);
	});

	test('speaks for diagnoses of the contract, with weights from 1 to 10', () => {
		for (const {speaksFor, speaksAgainst} of messages)
			for (const [id, weight] of Object.entries({...speaksFor, ...speaksAgainst})) {
				expect(contractIds).toContain(id);
				expect(weight).toBeGreaterThan(0);
				expect(weight).toBeLessThanOrEqual(10);
			}
	});

	test('reaches every diagnosis with a sentence that says so, or there is a reason why not', () => {
		const strongest = (id: string): number => Math.max(0, ...messages.map(({speaksFor}) => speaksFor[id] ?? 0));
		expect(contractIds.filter(id => strongest(id) < 4 && !silent[id])).toEqual([]);
	});

	test.each(messages.map(({id, says}) => [id, says] as const))('%s holds a word that can be looked for', (_, says) => {
		expect(requiredWords(says)).not.toBeNull();
		expect(says.flags).toMatch(/^[isu]*$/);
	});
});

describe('words that an expression needs', () => {
	test.each([
		[/could not extend file "[^"]+": No space/i, ['could not extend file "']],
		[/(?:first|second) thing/, ['first thing', 'second thing']],
		[/(?:alpha beta|gamma delta)\s*x/, ['alpha beta', 'gamma delta']],
		[/colou?rful day/, ['colorful day', 'colourful day']],
		[/(?<name>\w+) not (?:yet )?there at all/, [' not there at all', ' not yet there at all']],
		[/(?!never this)only that/, ['only that']],
		[/[abc]{3}\d+/, null],
		[/optional(?:ly)?|other words/, ['optional', 'optionally', 'other words']],
		[/long word|x/, null],
		[/不存在/, ['不存在']],
		[/Q{3}uestion\.mark\?/, ['question.mark?']],
	])('%s', (expression, words) => {
		expect(requiredWords(expression)).toEqual(words);
	});

	test('spellings of one message are one expression', () => {
		expect(anyOf(/one b/i, /two c/i)).toEqual(/one b|two c/i);
		expect(() => anyOf(/a/i, /b/)).toThrow('share their flags');
	});
});

describe('words for pasted logs', () => {
	test('each diagnosis has an observation that settles it', () => {
		expect(Object.keys(proofs).sort()).toEqual([...contractIds].sort());
	});

	test.each(Object.entries(proofs))('%s in both languages', (_, text) => {
		expect(text.en).not.toMatch(han);
		expect(text.zh).toMatch(han);
		expect(commands(text.zh)).toEqual(commands(text.en));
	});
});

test('no expression repeats without a bound: a hostile line must not cost more than its length', () => {
	const unbounded = /(?<!\\)(?:\\\\)*[)\]\w.]\s?(?:[*+]|\{\d+,\})/;
	const bare = (source: string): string => source.replace(/\\[^dwsDWS]/g, '_').replace(/\[(?:[^\]\\]|\\.)*\]/g, '[]');
	expect(messages.filter(({says}) => unbounded.test(bare(says.source))).map(({id}) => id)).toEqual([]);
});
