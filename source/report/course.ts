import type {ApplyEvent, DiagnoseEvent} from '../core/event.ts';
import {tame} from '../core/hostile.ts';
import {say, type Text, tell} from '../core/say.ts';
import {paintCommands} from './paint.ts';
import type {PlainOptions} from './plain.ts';
import {duration} from './words.ts';
import {hang} from './wrap.ts';

// The plain reader of the event streams: one line for each thing that happened, never redrawn.

/** A line for one event of a diagnosis, or null for events that say nothing new to a person. */
export function diagnoseLine(event: DiagnoseEvent, {language, width, paint}: PlainOptions): string | null {
	switch (event.type) {
		case 'probe-started':
			return paintCommands(hang('… ', `${tell(event.title, language)}  \`${event.like}\``, width), paint);
		case 'probe-finished':
			return event.known
				? `${paint.good('✔')} ${event.key} ${paint.quiet(duration(event.ms))}`
				: hang(`${paint.warning('?')} `, `${event.key}: ${event.why ? tell(event.why, language) : ''}`, width);
		default:
			return null;
	}
}

/** Turns the events of `apply`, `undo` and `resume` into lines. It keeps the numbering and drops repeated progress. */
export function courseOf(options: PlainOptions): (event: ApplyEvent) => string | null {
	const {language, width, paint} = options;
	const word = (text: Text): string => tell(text, language);
	const line = (mark: string, text: string): string => paintCommands(hang(mark, text, width), paint);
	let total = 0;
	let progress = '';
	return event => {
		switch (event.type) {
			case 'planned':
				total = event.shown.length;
				return null;
			case 'began':
				return paint.quiet(line('  ', word(say(`Journal: ${event.journal}`, `日志：${event.journal}`))));
			case 'step-started':
				total = event.total;
				return [
					line(`… ${event.index + 1}/${event.total} `, word(event.says)),
					// Not wrapped: a command is copied as it stands.
					...tame(event.like, Number.POSITIVE_INFINITY)
						.split('\n')
						.map(like => `      ${paint.command(like)}`),
				].join('\n');
			case 'progress': {
				const share = event.done !== null && event.total ? ` ${Math.floor((100 * event.done) / event.total)} %` : '';
				const text = `${word(event.says)}${share}`;
				if (text === progress) return null;
				progress = text;
				return paint.quiet(line('      ', text));
			}
			case 'step-finished':
				return `${paint.good('✔')} ${event.index + 1}/${total} ${word(say('done', '完成'))} ${paint.quiet(duration(event.ms))}`;
			case 'step-failed':
				return `${paint.bad('✖')} ${line(`${event.index + 1}/${total} `, word(event.why))}`;
			case 'checked':
				return event.passed
					? `${paint.good('✔')} ${line('', word(say(`checked: ${event.says.en}`, `已验证：${event.says.zh}`)))}`
					: `${paint.bad('✖')} ${line('', word(say(`not so: ${event.says.en}`, `未通过：${event.says.zh}`)))}`;
			case 'rolling-back':
				return paint.warning(line('! ', word(event.why)));
			case 'step-undone':
				return line(
					'↩ ',
					`${word(say(`undone: ${event.says.en}`, `已撤销：${event.says.zh}`))}${event.note ? `\n${word(event.note)}` : ''}`,
				);
			case 'finished':
				return finishedLines(event, options);
		}
	};
}

function finishedLines(event: Extract<ApplyEvent, {type: 'finished'}>, {language, width, paint}: PlainOptions): string {
	const good = event.outcome === 'proven' || event.outcome === 'undone';
	const mark = good ? paint.good('✔') : event.outcome === 'roll-back-failed' ? paint.bad('✖') : paint.warning('!');
	const lines = ['', `${mark} ${paint.strong(paintCommands(hang('', tell(event.says, language), width - 2), paint))}`];
	if (event.undo)
		lines.push(`  ${tell(say('To undo it:', '若要撤销：'), language)}`, `    ${paint.command(event.undo)}`);
	return lines.join('\n');
}
