import {type Text, tell} from '../core/say.ts';
import {paintCommands} from '../report/paint.ts';
import {hang, wrap} from '../report/wrap.ts';
import type {Context} from './context.ts';

/** Writes a page for a person: headings, and paragraphs that hang from a mark. */
export type Page = {
	heading: (text: Text) => void;
	/** @param mark stands in front of the first line; the others are indented as far */
	body: (text: Text, mark?: string) => void;
	/** A name in bold, what belongs to it quietly behind. */
	title: (name: string, ...more: readonly string[]) => void;
};

export function pageFor({out, language}: Pick<Context, 'out' | 'language'>): Page {
	const {data, paint, width} = out;
	const strong = (text: string): string => wrap(text, width).map(paint.strong).join('\n');
	return {
		heading: text => data(`\n${strong(tell(text, language))}\n`),
		body: (text, mark = '  ') => data(`${paintCommands(hang(mark, tell(text, language), width), paint)}\n`),
		title(name, ...more) {
			const [first = '', ...rest] = wrap([name, ...more].join(' · '), width);
			data(`${paint.strong(first.slice(0, name.length))}${paint.quiet(first.slice(name.length))}\n`);
			for (const line of rest) data(`${paint.quiet(line)}\n`);
		},
	};
}
