import {tame} from '../core/hostile.ts';
import {type Language, say, type Text, tell, verbatim} from '../core/say.ts';
import {type ExitCode, exitCode, Trouble} from '../core/trouble.ts';
import {errorJson} from '../report/json.ts';
import {paintCommands} from '../report/paint.ts';
import {hang} from '../report/wrap.ts';
import {jsonText} from './context.ts';
import type {Output} from './output.ts';
import {nothingChanged} from './words.ts';

type Situation = {
	out: Output;
	language: Language;
	json: boolean;
	verbose: boolean;
	/** Whether a signal asked us to stop: then whatever was thrown is only its echo. */
	aborted: boolean;
	state: Text | null;
	redact: (text: string) => string;
};

type Failure = Pick<Trouble, 'code' | 'what' | 'why' | 'next' | 'exitCode'>;

function translate(error: unknown, {aborted, state}: Situation): Failure {
	if (aborted)
		return {code: 'interrupted', what: state ?? nothingChanged, why: null, next: null, exitCode: exitCode.interrupted};
	if (error instanceof Trouble) return error;
	const message = error instanceof Error ? error.message : String(error);
	return {
		code: 'own-error',
		what: say('This program itself has failed.', '本程序自身出错。'),
		why: verbatim(message),
		next: say(
			'Run it again with `--verbose` and report what it prints.',
			'请加上 `--verbose` 重新运行，并反馈输出内容。',
		),
		exitCode: exitCode.ownError,
	};
}

/** A name at the end that somebody may copy gets no full stop. */
const ends = (text: string): boolean => /[.!?:。！？：]$|[:：]\s*[!-~]+$/.test(text);

/** Every message is a whole sentence. What others said, the same in both languages, stays as they said it. */
const sentence = ({en, zh}: Text): Text =>
	en === zh
		? {en, zh}
		: {
				en: en.charAt(0).toUpperCase() + en.slice(1) + (ends(en) ? '' : '.'),
				zh: zh + (ends(zh) ? '' : '。'),
			};

/** Says what happened, why, and what to do next. @returns the exit code */
export function reportFailure(error: unknown, situation: Situation): ExitCode {
	const {out, language, json, verbose, redact} = situation;
	const failure = translate(error, situation);
	const safe = (text: Text | null): Text | null =>
		text && sentence({en: redact(tame(text.en)), zh: redact(tame(text.zh))});
	const what = safe(failure.what) ?? failure.what;
	const why = safe(failure.why);
	const next = safe(failure.next);
	if (json) out.data(jsonText(errorJson({...failure, what, why, next}, language)));
	else {
		const paint = out.notePaint;
		const line = (mark: string, text: Text): string =>
			paintCommands(hang(mark, tell(text, language), out.width), paint);
		out.note(`${paint.bad('✖')} ${paint.strong(line('', what))}`);
		const colon = language === 'zh' ? '：' : ': ';
		if (why) out.note(line(`  ${tell(say('why', '原因'), language)}${colon}`, why));
		if (next) out.note(line(`  ${tell(say('next', '下一步'), language)}${colon}`, next));
	}
	if (verbose && failure.code === 'own-error' && error instanceof Error && error.stack)
		out.note(redact(tame(error.stack)));
	return failure.exitCode;
}
