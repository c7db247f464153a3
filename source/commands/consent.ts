import type {Plan} from '../core/fix.ts';
import {say, type Text, tell} from '../core/say.ts';
import {exitCode, Trouble} from '../core/trouble.ts';
import type {Context} from './context.ts';

const refused = (what: Text, why: Text | undefined, next: Text): Trouble =>
	new Trouble('unconfirmed', what, {why, next, exitCode: exitCode.unconfirmed});

const nobodyToAsk = (next: Text): Trouble =>
	refused(
		say('this needs your consent, and there is nobody to ask', '此操作需要您的同意，但当前无法询问'),
		undefined,
		next,
	);

/**
 * Asks for consent to what was just shown. Moving or replacing data needs a name that is typed exactly, and no option
 * for mild consent covers it.
 * @returns the confirmed name, or null when the plan asks for none
 * @throws Trouble with exit code 5
 */
export async function consent(context: Context, confirm: Plan['confirm'], question: Text): Promise<string | null> {
	const {options, input, language, signal} = context;
	if (confirm) {
		if (options.confirm === confirm.name) return confirm.name;
		if (options.confirm !== undefined)
			throw refused(
				say(`\`--confirm\` names \`${options.confirm}\``, `\`--confirm\` 给出的是 \`${options.confirm}\``),
				say(`what is meant here is \`${confirm.name}\``, `而此处涉及的是 \`${confirm.name}\``),
				say('read the plan again before you confirm it', '请重新查看计划后再确认'),
			);
		if (!input.canAsk)
			throw refused(
				say('this moves or removes data, so its name must be typed', '此操作会移动或删除数据，需要输入其名称'),
				confirm.says,
				say(
					`if that is what you want: \`--confirm=${confirm.name}\``,
					`如果确实要这样做：\`--confirm=${confirm.name}\``,
				),
			);
		const typed = await input.ask(
			`? ${tell(confirm.says, language)}\n  ${tell(say('name: ', '名称：'), language)}`,
			signal,
		);
		if (typed.trim() === confirm.name) return confirm.name;
		throw refused(
			say('that is not the name: nothing was changed', '名称不符：未做任何更改'),
			undefined,
			say(`the name is \`${confirm.name}\``, `名称应为 \`${confirm.name}\``),
		);
	}
	if (options.yes) return null;
	if (!input.canAsk)
		throw nobodyToAsk(
			say('read the plan with `--plan`, then give `--yes`', '请先用 `--plan` 查看计划，再加上 `--yes`'),
		);
	const typed = await input.ask(`? ${tell(question, language)} [y/N] `, signal);
	if (/^(?:y|yes|是|好|同意)$/i.test(typed.trim())) return null;
	throw refused(
		say('not applied: nothing was changed', '未执行：未做任何更改'),
		undefined,
		say('the plan can be read again at any time', '可随时重新查看计划'),
	);
}
