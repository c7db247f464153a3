import type {Fix} from '../core/fix.ts';
import {say, tell} from '../core/say.ts';
import {riskWords} from '../report/words.ts';
import {type Context, printJson} from './context.ts';
import {pageFor} from './page.ts';
import {leaves} from './registry.ts';

/** One fix: what it does, what it leaves open, what it can be told, what it cures. */
export function explainFix(context: Context, fix: Fix): void {
	const {language, options} = context;
	const cures = leaves().filter(({diagnosis}) => diagnosis.fixes.some(({id}) => id === fix.id));
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
			cures: cures.map(({diagnosis}) => diagnosis.id),
		});
		return;
	}
	const page = pageFor(context);
	page.title(fix.id, tell(riskWords[fix.risk], language));
	page.body(fix.title, '');
	page.heading(say('What it does', '做什么'));
	page.body(fix.about);
	page.heading(say('What it does not protect against', '不能防范什么'));
	page.body(fix.limits);
	if (fix.settings.length > 0) {
		page.heading(say('What it can be told with `--set`', '可用 `--set` 指定'));
		for (const {key, says, secret, choices} of fix.settings) {
			const value = secret ? '-' : (choices?.join('|') ?? '…');
			page.body(say(`\`${key}=${value}\` ${says.en}`, `\`${key}=${value}\` ${says.zh}`), '  • ');
		}
	}
	page.heading(say('What it cures', '可修复的诊断'));
	for (const {diagnosis} of cures)
		page.body(say(`\`${diagnosis.id}\` ${diagnosis.name.en}`, `\`${diagnosis.id}\` ${diagnosis.name.zh}`), '  • ');
	page.heading(say('To see the plan, and to apply it', '查看计划与执行'));
	page.body(
		say(
			`\`compose-medic fix ${fix.id} --plan\` shows every command and changes nothing.`,
			`\`compose-medic fix ${fix.id} --plan\` 显示每条命令，不做任何更改。`,
		),
	);
	page.body(
		say(
			`\`compose-medic fix ${fix.id}\` asks first, proves the cure and can be undone.`,
			`\`compose-medic fix ${fix.id}\` 会先征得同意，事后验证效果，并且可以撤销。`,
		),
	);
}
