import type {Key} from 'ink';
import {graphemes} from '../core/width.ts';

const special = [
	['upArrow', 'up'],
	['downArrow', 'down'],
	['leftArrow', 'left'],
	['pageUp', 'page-up'],
	['pageDown', 'page-down'],
	['home', 'home'],
	['end', 'end'],
	['return', 'enter'],
	['escape', 'esc'],
	['backspace', 'backspace'],
	['delete', 'backspace'],
] as const satisfies readonly (readonly [keyof Key, string])[];

/**
 * Names of the keys in one piece of input. A fast typist, a paste or a slow line puts several into one piece.
 * Terminals send DEL (0x7f) for the backspace key, which Ink calls `delete`.
 */
export function namesOf(input: string, key: Key): string[] {
	if (key.tab) return [key.shift ? 'shift-tab' : 'tab'];
	if (key.ctrl) return [`ctrl-${input}`];
	const named = special.find(([flag]) => key[flag]);
	if (named) return [named[1]];
	if (key.meta) return [];
	return graphemes(input).flatMap(letter => {
		if (letter === '\r' || letter === '\n' || letter === '\r\n') return ['enter'];
		if (letter === '\x03') return ['ctrl-c'];
		if (letter === '\x7f' || letter === '\b') return ['backspace'];
		return letter < ' ' ? [] : [letter];
	});
}
