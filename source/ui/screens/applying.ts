import {say, type Text} from '../../core/say.ts';
import type {Run, RunStep, Session, StepState} from '../../core/session.ts';
import type {Row, Tone} from '../../core/wrap.ts';
import {type Page, page} from '../page.ts';
import {bar} from '../parts/bar.ts';
import {busy, elapsed, took} from '../parts/busy.ts';
import {checkRows} from '../parts/checks.ts';
import {fixTitle} from '../parts/fix-title.ts';
import {blank, ends, hang, type Pen, paragraph, prose, span} from '../pen.ts';
import {spinnerAt} from '../words.ts';

const signs: Readonly<Record<Exclude<StepState, 'running'>, {sign: string; tone: Tone}>> = {
	waiting: {sign: '·', tone: 'quiet'},
	done: {sign: '✔', tone: 'good'},
	failed: {sign: '✖', tone: 'bad'},
	undone: {sign: '↶', tone: 'warn'},
};

function stepRows(pen: Pen, step: RunStep): Row[] {
	const {says, state, startedAt, ms, progress, note} = step;
	// A resumed fix does not know yet what is to come.
	if (!says) return [];
	const running = state === 'running';
	const {sign, tone} = running
		? {sign: spinnerAt(pen.now - (startedAt ?? pen.now)), tone: 'focus' as Tone}
		: signs[state];
	const time = running && startedAt !== null ? elapsed(pen, startedAt) : ms === null ? '' : took(ms);
	const [first = [], ...rest] = hang(
		{...pen, columns: pen.columns - 10},
		[span(`${sign} `, tone)],
		prose(pen, says, state === 'waiting' ? 'quiet' : 'plain'),
	);
	const inner = {...pen, columns: pen.columns - 2};
	return [
		ends(pen, first, [span(time, 'quiet')]),
		...rest,
		...(running && progress
			? [
					...paragraph(inner, progress.says, {indent: 2, tone: 'quiet', most: 2}),
					...bar(pen, progress.done, progress.total),
				]
			: []),
		...(note ? hang(inner, [span('  → ', 'quiet')], prose(pen, note, state === 'failed' ? 'bad' : 'quiet')) : []),
	];
}

export const stepList = (pen: Pen, {steps}: Run): Row[] => steps.flatMap(step => stepRows(pen, step));

/** What runs. A resumed fix and an undo say so. */
function titleOf(session: Session, {kind}: Run): Text {
	const {en, zh} = fixTitle(session);
	if (kind === 'resume') return say(`Going on with: ${en}`, `继续执行：${zh}`);
	return kind === 'undo' ? say(`Putting back: ${en}`, `正在还原：${zh}`) : {en, zh};
}

function heading(pen: Pen, session: Session, run: Run): Row[] {
	const ended = run.steps.filter(({state}) => state !== 'waiting' && state !== 'running').length;
	const total = run.steps.length;
	const count = say(`${ended} of ${total} steps`, `${total} 步中已完成 ${ended} 步`);
	const [gauge = []] = bar(pen, ended, total, 0);
	const time: Row = [span(elapsed(pen, run.startedAt), 'quiet')];
	return [
		...paragraph(pen, titleOf(session, run), {tone: 'strong'}),
		...(total > 0 ? [blank, ends(pen, gauge, time), ...paragraph(pen, count, {tone: 'quiet'})] : []),
		blank,
	];
}

/** What is looked at once every step is done, or why everything goes back. */
function after(pen: Pen, run: Run): Row[] {
	const {steps, checks, rollingBack, finished} = run;
	const since = Math.max(run.startedAt, ...steps.map(({startedAt, ms}) => (startedAt ?? 0) + (ms ?? 0)));
	const idle = !finished && steps.length > 0 && steps.every(({state}) => state !== 'waiting' && state !== 'running');
	return [
		...(checks.length > 0 ? [blank, ...checkRows(pen, checks)] : []),
		...(rollingBack
			? [
					blank,
					...hang(
						pen,
						[span('! ', 'warn')],
						prose(pen, say(`Putting everything back: ${rollingBack.en}`, `正在全部还原：${rollingBack.zh}`), 'warn'),
					),
				]
			: idle
				? [blank, ...busy(pen, say('Proving it: looking again with fresh eyes', '正在验证：重新检查'), since)]
				: []),
	];
}

/** Steps with their progress, then the checks as they come in. */
export function applying(session: Session, pen: Pen): Page {
	const {run, stopping, taskAt} = session;
	if (!run) return page({});
	const list = stepList(pen, run);
	const body = [
		...(list.length > 0
			? list
			: busy(pen, say('Looking once more before the first step', '第一步之前再检查一次'), taskAt)),
		...after(pen, run),
	];
	const active = run.steps.findIndex(({state}) => state === 'running');
	const before = stepList(pen, {...run, steps: run.steps.slice(0, Math.max(0, active))}).length;
	return page({
		heading: heading(pen, session, run),
		body,
		focus: active >= 0 ? {from: before, to: before + stepRows(pen, run.steps[active] as RunStep).length} : null,
		tail: active < 0,
		pinned: stopping
			? [
					blank,
					...hang(
						pen,
						[span('! ', 'warn')],
						prose(
							pen,
							say(
								'Stopping cleanly after this step. What undo needs is on disk. Ctrl-C again leaves at once.',
								'这一步结束后停止。撤销所需的内容已写入磁盘。再按一次 Ctrl-C 立即退出。',
							),
							'warn',
						),
					),
				]
			: [],
	});
}
