import {say, tell} from '../core/say.ts';
import {namesToCome} from '../logs/names.ts';
import {chapterOf} from '../tree/contract.ts';
import {type Context, printJson} from './context.ts';
import {pageFor} from './page.ts';
import {leaves} from './registry.ts';

/** A cause that has an id and no leaf yet: said plainly, with what is known of it from the diagnoses that look like it. */
export function explainPlanned(context: Context, id: string): void {
	const {language, options} = context;
	const chapter = chapterOf(id);
	const name = namesToCome[id] ?? null;
	const seenFrom = leaves().flatMap(({diagnosis}) =>
		diagnosis.lookAlikes.flatMap(alike => (alike.id === id ? [{diagnosis, tell: alike.tell}] : [])),
	);
	const why = say(
		'This version can’t find this cause yet. A service that fails because of it is listed as unexplained, with its log lines.',
		'本版本尚不能判断这种原因。因它而出故障的服务会连同日志行列为“无法解释”。',
	);
	if (options.json) {
		printJson(context, {
			schema: 'compose-medic/explain@1',
			id,
			kind: 'diagnosis',
			chapter,
			available: false,
			name: name ? tell(name, language) : null,
			about: tell(why, language),
			mistakenFor: seenFrom.map(({diagnosis, tell: text}) => ({id: diagnosis.id, tell: tell(text, language)})),
		});
		return;
	}
	const page = pageFor(context);
	page.title(id, ...(chapter ? [chapter] : []), tell(say('not in this version', '本版本没有'), language));
	if (name) page.body(name, '');
	page.body(why);
	if (seenFrom.length === 0) return;
	page.heading(say('What looks the same (“there” means this cause)', '容易混淆的诊断（“那种情况”即指这种原因）'));
	for (const {diagnosis, tell: text} of seenFrom) {
		page.body(say(`\`${diagnosis.id}\` ${diagnosis.name.en}`, `\`${diagnosis.id}\` ${diagnosis.name.zh}`), '  • ');
		page.body(text, '    ');
	}
}
