import {say} from '../../core/say.ts';
import type {Look, Session} from '../../core/session.ts';
import type {PathStep} from '../../core/walk.ts';
import {type Row, widthOfRow} from '../../core/wrap.ts';
import {type Page, page} from '../page.ts';
import {busy, elapsed, took} from '../parts/busy.ts';
import {blank, ends, hang, type Pen, paragraph, prose, span} from '../pen.ts';
import {chapterName, spinnerAt} from '../words.ts';

/** The tree as far as it was walked: chapters, and in each the questions with their answers. */
function pathRows(pen: Pen, path: readonly PathStep[]): Row[] {
	const rows: Row[] = [];
	let open = '';
	const told = new Set<string>();
	for (const {chapter, question, answer} of path) {
		// Two credentials of one service can be asked about in the same words.
		const words = [chapter, question.en, answer.en].join('\n');
		if (told.has(words)) continue;
		told.add(words);
		if (chapter !== open) {
			if (open) rows.push(blank);
			rows.push(...paragraph(pen, chapterName(chapter), {tone: 'strong'}));
			open = chapter;
		}
		const asked = [span('  '), ...prose(pen, question)];
		const reply = prose(pen, answer, 'focus');
		if (widthOfRow(asked) + 3 + widthOfRow(reply) <= pen.columns) rows.push([...asked, span(' → ', 'quiet'), ...reply]);
		else rows.push(...hang(pen, [span('  ')], prose(pen, question)), ...hang(pen, [span('  → ', 'quiet')], reply));
	}
	return rows;
}

function lookRow(pen: Pen, {title, ms, known, why, startedAt}: Look): Row {
	if (ms === null)
		return ends(
			pen,
			[span(`${spinnerAt(pen.now - startedAt)} `, 'focus'), ...prose(pen, title)],
			[span(elapsed(pen, startedAt), 'quiet')],
		);
	const sign = known ? span('✔ ', 'good') : span('? ', 'unknown');
	return ends(
		pen,
		[
			sign,
			...prose(pen, title, known ? 'quiet' : 'plain'),
			...(why ? [span(' · '), ...prose(pen, why, 'unknown')] : []),
		],
		[span(took(ms), 'quiet')],
	);
}

/** At most this many looks are shown while the walk goes on: what runs now, then what has just ended. */
const looksShown = 4;

function panel(pen: Pen, looks: readonly Look[]): Row[] {
	const running = looks.filter(({ms}) => ms === null);
	const ended = looks.filter(({ms}) => ms !== null);
	const shown = [...ended.slice(-Math.max(0, looksShown - running.length)), ...running.slice(0, looksShown)].slice(
		-looksShown,
	);
	// Always as tall: nothing above it jumps when a look ends.
	return [
		blank,
		...shown.map(look => lookRow(pen, look)),
		...Array.from({length: looksShown - shown.length}, () => blank),
	];
}

/** The decision tree while it is walked, and afterwards all of it with what every look took. */
export function walking(session: Session, pen: Pen): Page {
	const {path, looks, report, taskAt} = session;
	const body = pathRows(pen, path);
	if (report)
		return page({
			body: [
				...body,
				...(looks.length > 0
					? [blank, ...paragraph(pen, say('What was looked at', '查看了什么'), {tone: 'strong'})]
					: []),
				...looks.map(look => lookRow(pen, look)),
			],
		});
	if (looks.length === 0) return page({body: busy(pen, say('Opening the deployment', '正在打开部署'), taskAt)});
	return page({body, tail: true, low: true, pinned: panel(pen, looks)});
}
