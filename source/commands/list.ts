import {say, type Text, tell} from '../core/say.ts';
import {widthOf} from '../core/width.ts';
import {hang, wrap} from '../report/wrap.ts';
import type {Context} from './context.ts';
import type {Leaf} from './registry.ts';

export const severityWords: Readonly<Record<'failure' | 'warning', Text>> = {
	failure: say('failure', '故障'),
	warning: say('warning', '警告'),
};

/** Columns that a name needs beside its id to be read with ease; with less it goes on a line of its own. */
const enough = 40;

/** Every diagnosis under the title of its chapter: id, whether it makes the system fail, name. */
export function listLeaves({out, language}: Pick<Context, 'out' | 'language'>, all: readonly Leaf[]): void {
	const longest = Math.max(...all.map(({diagnosis}) => diagnosis.id.length));
	const word = Math.max(...Object.values(severityWords).map(text => widthOf(tell(text, language))));
	const left = 2 + longest + 2 + word + 2;
	let chapter = '';
	for (const {chapter: id, chapterTitle, diagnosis} of all) {
		const title = wrap(tell(chapterTitle, language), out.width).map(out.paint.strong).join('\n');
		if (id !== chapter) out.data(`${chapter ? '\n' : ''}${title}\n`);
		chapter = id;
		const severity = tell(severityWords[diagnosis.severity], language);
		const kind = (diagnosis.severity === 'warning' ? out.paint.warning : out.paint.quiet)(severity);
		const name = tell(diagnosis.name, language);
		const space = ' '.repeat(word - widthOf(severity));
		out.data(
			out.width - left >= enough
				? `${hang(`  ${diagnosis.id.padEnd(longest)}  ${kind}${space}  `, name, out.width)}\n`
				: `  ${diagnosis.id}  ${kind}\n${hang('      ', name, out.width)}\n`,
		);
	}
}
