import type {DiagnoseEvent} from '../core/event.ts';
import type {Facts} from '../core/fact.ts';
import type {DiagnosisReport} from '../core/report.ts';
import {say, tell} from '../core/say.ts';
import {exitCode, Trouble} from '../core/trouble.ts';
import {diagnoseLine} from '../report/course.ts';
import {verdict} from '../report/verdict.ts';
import {type Context, plainOptions} from './context.ts';

/** Nothing is shown for what is faster than a person notices. */
const patience = 150;

/**
 * Reads the events of a diagnosis to their end: with `--verbose` a line for each look, on a terminal one line that says
 * what is being waited for.
 */
export async function follow(
	context: Context,
	events: AsyncGenerator<DiagnoseEvent, {report: DiagnosisReport; facts: Facts}>,
): Promise<{report: DiagnosisReport; facts: Facts}> {
	const {out, options, language, signal} = context;
	const started = performance.now();
	const pending = new Map<string, string>();
	const timer = setInterval(() => {
		const seconds = (performance.now() - started) / 1000;
		const [title] = pending.values();
		if (!title || seconds * 1000 < patience) return;
		const more = pending.size > 1 ? ` +${pending.size - 1}` : '';
		out.status(`${title}${more} … ${seconds.toFixed(0)} s`.slice(0, out.width));
	}, patience);
	try {
		for (;;) {
			signal.throwIfAborted();
			const next = await events.next();
			if (next.done) return next.value;
			const event = next.value;
			if (event.type === 'probe-started') pending.set(event.key, tell(event.title, language));
			if (event.type === 'probe-finished') pending.delete(event.key);
			if (!options.verbose) continue;
			const line = diagnoseLine(event, plainOptions(context, null, 'note'));
			if (line) out.note(line);
		}
	} finally {
		clearInterval(timer);
		out.status('');
	}
}

/**
 * As `follow`, for a command that goes on to change something.
 * @throws Trouble with exit code 10 when the engine does not answer: nothing can be said of the deployment then
 */
export async function lookBefore(context: Context, events: Parameters<typeof follow>[1]): ReturnType<typeof follow> {
	const pass = await follow(context, events);
	if (verdict(pass.report) !== exitCode.engineUnreachable) return pass;
	const [finding] = pass.report.diagnoses;
	throw new Trouble(
		'engine-unreachable',
		finding?.title ?? say('the Docker engine does not answer', 'Docker 引擎没有响应'),
		{
			why: finding?.because[0]?.says,
			next: say('`compose-medic diagnose` tells more', '`compose-medic diagnose` 会给出更多信息'),
			exitCode: exitCode.engineUnreachable,
		},
	);
}
