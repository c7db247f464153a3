import type {Fix} from '../core/fix.ts';
import {say, type Text, tell} from '../core/say.ts';
import {type ExitCode, exitCode} from '../core/trouble.ts';
import {fixNamed} from '../fixes/index.ts';
import {paintCommands} from '../report/paint.ts';
import {riskWords} from '../report/words.ts';
import {hang} from '../report/wrap.ts';
import {type Context, printJson} from './context.ts';
import {diagnosisIds, fixIds, type Leaf, leaves, sampleOf, unknownId} from './registry.ts';

/** Offline: everything here comes from the tree itself. */
export async function run(context: Context): Promise<ExitCode> {
	const [id] = context.words;
	if (id === undefined) return index(context);
	const leaf = leaves().find(({diagnosis}) => diagnosis.id === id);
	const fix = fixNamed(id);
	if (leaf) diagnosisPage(context, leaf);
	else if (fix) fixPage(context, fix);
	else
		throw unknownId(
			id,
			say('diagnosis or fix', '诊断或修复'),
			[...diagnosisIds(), ...fixIds()],
			'compose-medic explain',
		);
	return exitCode.well;
}

function index(context: Context): ExitCode {
	const {out, options} = context;
	if (options.json) printJson(context, {schema: 'compose-medic/explain@1', diagnoses: diagnosisIds(), fixes: fixIds()});
	else {
		const heading = (text: Text): string => `${out.paint.strong(tell(text, context.language))}\n`;
		out.data(
			heading(say('Diagnoses', '诊断')) +
				diagnosisIds()
					.map(id => `  ${id}\n`)
					.join(''),
		);
		out.data(
			`\n${heading(say('Fixes', '修复'))}${fixIds()
				.map(id => `  ${id}\n`)
				.join('')}`,
		);
	}
	return exitCode.well;
}

function writer({out, language}: Context): {
	heading: (text: Text) => string;
	body: (text: Text, mark?: string) => string;
} {
	return {
		heading: text => `\n${out.paint.strong(tell(text, language))}\n`,
		body: (text, mark = '  ') => `${paintCommands(hang(mark, tell(text, language), out.width), out.paint)}\n`,
	};
}

function diagnosisPage(context: Context, {diagnosis, chapter}: Leaf): void {
	const {out, language, options} = context;
	const sample = sampleOf(diagnosis);
	const title = sample?.finding.title ?? say(diagnosis.id, diagnosis.id);
	if (options.json) {
		const word = (text: Text): string => tell(text, language);
		printJson(context, {
			schema: 'compose-medic/explain@1',
			id: diagnosis.id,
			kind: 'diagnosis',
			chapter,
			severity: diagnosis.severity,
			title: word(title),
			about: word(diagnosis.about),
			beware: diagnosis.beware ? word(diagnosis.beware) : null,
			path: (sample?.path ?? []).map(({question, answer}) => ({question: word(question), answer: word(answer)})),
			example: (sample?.finding.because ?? []).map(({for: speaksFor, says}) => ({for: speaksFor, says: word(says)})),
			fixes: diagnosis.fixes.map(fix => ({id: fix.id, title: word(fix.title), risk: fix.risk, about: word(fix.about)})),
			noFix: diagnosis.noFix ? word(diagnosis.noFix) : null,
		});
		return;
	}
	const {heading, body} = writer(context);
	out.data(`${out.paint.strong(diagnosis.id)}${out.paint.quiet(` · ${chapter}`)}\n`);
	out.data(heading(say('What it is', '是什么')) + body(title) + body(diagnosis.about));
	if (diagnosis.beware) out.data(heading(say('Beware', '注意')) + body(diagnosis.beware));
	if (sample) {
		out.data(heading(say('How it is told', '如何判断')));
		for (const {question, answer} of sample.path)
			out.data(body(say(`${question.en} ${answer.en}`, `${question.zh}${answer.zh}`), '  ? '));
		out.data(heading(say('What the evidence looks like', '证据示例')));
		for (const {for: speaksFor, says} of sample.finding.because) out.data(body(says, speaksFor ? '  + ' : '  - '));
	}
	out.data(heading(say('How to repair', '如何修复')));
	if (diagnosis.fixes.length === 0)
		out.data(body(diagnosis.noFix ?? say('This program has no repair for it.', '本程序没有对应的修复。')));
	for (const [place, fix] of diagnosis.fixes.entries()) {
		const risk = riskWords[fix.risk];
		out.data(
			body(
				say(`\`${fix.id}\` ${fix.title.en} (${risk.en})`, `\`${fix.id}\` ${fix.title.zh}（${risk.zh}）`),
				`  ${place + 1}. `,
			),
		);
		out.data(body(fix.about, '     '));
	}
}

function fixPage(context: Context, fix: Fix): void {
	const {out, language, options} = context;
	const cures = leaves()
		.filter(({diagnosis}) => diagnosis.fixes.some(({id}) => id === fix.id))
		.map(({diagnosis}) => diagnosis.id);
	if (options.json) {
		const {id, title, risk, about, limits, settings} = fix;
		printJson(context, {
			schema: 'compose-medic/explain@1',
			id,
			kind: 'fix',
			title: tell(title, language),
			risk,
			about: tell(about, language),
			limits: tell(limits, language),
			settings: settings.map(({key, says, secret, choices}) => ({
				key,
				says: tell(says, language),
				secret,
				choices: choices ?? null,
			})),
			cures,
		});
		return;
	}
	const {heading, body} = writer(context);
	out.data(`${out.paint.strong(fix.id)}${out.paint.quiet(` · ${tell(riskWords[fix.risk], language)}`)}\n`);
	out.data(heading(say('What it does', '做什么')) + body(fix.title) + body(fix.about));
	out.data(heading(say('What it does not protect against', '不能防范什么')) + body(fix.limits));
	if (fix.settings.length > 0) {
		out.data(heading(say('What it can be told with `--set`', '可用 `--set` 指定')));
		for (const {key, says, secret, choices} of fix.settings) {
			const value = secret ? '-' : (choices?.join('|') ?? '…');
			out.data(body(say(`\`${key}=${value}\` ${says.en}`, `\`${key}=${value}\` ${says.zh}`), '  • '));
		}
	}
	out.data(heading(say('What it cures', '可修复的诊断')));
	for (const id of cures) out.data(`  ${id}\n`);
}
