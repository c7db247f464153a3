import type {TextProps} from 'ink';
import type {Tone} from '../core/wrap.ts';

type Style = Pick<TextProps, 'color' | 'bold' | 'dimColor' | 'inverse'>;

/** One look for each meaning, in the sixteen colours of the reader's own terminal. */
const styles = {
	plain: {},
	quiet: {dimColor: true},
	strong: {bold: true},
	good: {color: 'green'},
	bad: {color: 'red'},
	warn: {color: 'yellow'},
	unknown: {color: 'magenta'},
	code: {color: 'cyan'},
	focus: {color: 'blue', bold: true},
} satisfies Record<Tone, Style>;

const none: Style = {};

/** Without colour nothing is styled at all: signs and words say everything. */
export const styleOf = (tone: Tone, color: boolean): Style => (color ? styles[tone] : none);
