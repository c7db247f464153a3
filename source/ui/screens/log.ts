import {tame} from '../../core/hostile.ts';
import {say, tell} from '../../core/say.ts';
import type {LogView, Session} from '../../core/session.ts';
import {findingOfLog, tellingSymptoms} from '../../core/session-log.ts';
import type {LogLine} from '../../core/world.ts';
import type {Row} from '../../core/wrap.ts';
import {clock} from '../../report/words.ts';
import {type Page, page} from '../page.ts';
import {busy} from '../parts/busy.ts';
import {fold, placesOf} from '../parts/fold.ts';
import {input} from '../parts/input.ts';
import {apart, blank, hang, type Pen, paragraph, prose, quote, span} from '../pen.ts';

/** Rows of one quoted line: what is longer than that is noise. */
const longest = 8;
/** Below this, times would leave too little room for what was said. */
const roomForTimes = 60;

/** The log of a service as a whole; until it is there, or where it can't be read, the lines that speak. */
export function log(session: Session, pen: Pen): Page {
	const {log: view} = session;
	const lines = view?.lines;
	if (!view || !lines) return speaking(session, pen, view);
	return lines.length > 0
		? whole(session, pen, view, lines)
		: page({heading: title(session, pen, view), body: empty(pen)});
}

function title(session: Session, pen: Pen, view: LogView | null): Row[] {
	const finding = findingOfLog(session);
	const service = view?.service;
	const count = view?.lines?.length ?? 0;
	const which = service
		? view.lines?.length
			? say(
					`Log of ${service}: ${view.cut ? 'its last ' : ''}${count} ${count === 1 ? 'line' : 'lines'}`,
					`${service} 的日志：${view.cut ? '最后 ' : ''}${count} 行`,
				)
			: say(`Log of ${service}`, `${service} 的日志`)
		: say('Log lines', '日志');
	const place = view && service ? view.services.indexOf(service) + 1 : 0;
	const many =
		place > 0 && view && view.services.length > 1 ? [span(`  ${place}/${view.services.length}`, 'quiet')] : [];
	return [
		...hang(pen, [], [...prose(pen, which, 'strong'), ...many], 2),
		...(finding
			? paragraph(pen, say(`behind: ${finding.title.en}`, `相关：${finding.title.zh}`), {tone: 'quiet', most: 2})
			: []),
		blank,
	];
}

/** Sorts out the lines of a service that its symptoms and the evidence quote. */
function telling(session: Session, service: string): (line: LogLine) => boolean {
	const told = tellingSymptoms(session)
		.filter(symptom => symptom.service === service)
		.flatMap(({lines}) => lines);
	const times = new Set(
		(findingOfLog(session)?.because ?? [])
			.filter(({source, at}) => at && source === `log of ${service}`)
			.map(({at}) => at),
	);
	// A quoted message of several lines was put together: each of its lines is a part of it.
	const part = 20;
	return ({at, text}) =>
		times.has(at) || told.some(one => text.includes(one) || (text.trim().length > part && one.includes(text.trim())));
}

/** A line as it is drawn where nothing is found in it, `date` and `time` in the time of this machine. */
type Drawn = {text: string; date: string; time: string; rows: Row[]};

/** Thousands of lines are folded once for each log and width, not once for each key. */
const folded = new WeakMap<readonly LogLine[], {columns: number; drawn: Drawn[]}>();

function drawnOnce(lines: readonly LogLine[], columns: number): Drawn[] {
	const known = folded.get(lines);
	if (known?.columns === columns) return known.drawn;
	const drawn = lines.map(({at, text}) => {
		const shown = tame(text, Number.POSITIVE_INFINITY).replaceAll('\n', ' ');
		const [date = '', time = ''] = clock(at).split(' ');
		return {text: shown, date, time, rows: fold(shown, columns, [], 'plain')};
	});
	folded.set(lines, {columns, drawn});
	return drawn;
}

/** Servers that write the time themselves, in front of most lines, need no second one. */
const ownTime = /^.{0,30}\d\d:\d\d:\d\d/;
const tellsTime = (lines: readonly LogLine[]): boolean =>
	lines.filter(({text}) => ownTime.test(text)).length * 2 > lines.length;

const signs = {
	hit: span('❯ ', 'focus'),
	found: span('/ ', 'focus'),
	telling: span('! ', 'bad'),
	other: span('  '),
} as const;

function whole(session: Session, pen: Pen, view: LogView, lines: readonly LogLine[]): Page {
	const speaks = telling(session, view.service ?? '');
	const query = view.typing ?? view.query;
	const timed = pen.columns >= roomForTimes && !tellsTime(lines);
	const indent = timed ? 11 : 2;
	const body: Row[] = [];
	const hits: {from: number; to: number}[] = [];
	let focus: Page['focus'] = null;
	let day = '';
	for (const [index, {text, date, time, rows: plain}] of drawnOnce(lines, pen.columns - indent).entries()) {
		const line = lines[index];
		if (!line) continue;
		if (date !== day && timed) body.push([span(`── ${date} ──`, 'quiet')]);
		day = date;
		const found = placesOf(text, query);
		const quoted = speaks(line);
		const rows = found.length > 0 || quoted ? fold(text, pen.columns - indent, found, quoted ? 'bad' : 'plain') : plain;
		const at = {from: body.length, to: body.length + rows.length};
		const isHit = found.length > 0 && view.typing === null && view.hit === hits.length;
		const sign = isHit ? signs.hit : quoted ? signs.telling : found.length > 0 ? signs.found : signs.other;
		if (found.length > 0) hits.push(at);
		if (quoted) focus = at;
		for (const [place, row] of rows.entries())
			body.push(
				place === 0
					? [sign, ...(timed ? [span(`${time} `, 'quiet')] : []), ...row]
					: [span(' '.repeat(indent)), ...row],
			);
	}
	return page({
		heading: title(session, pen, view),
		body,
		focus,
		hits,
		tail: focus === null,
		pinned: search(pen, view, hits.length),
		low: true,
	});
}

/** Where to type, and how much was found. */
function search(pen: Pen, {typing, query, hit}: LogView, count: number): Row[] {
	if (typing === null && query === '') return [];
	const found =
		count === 0
			? say('no line has it', '没有匹配的行')
			: count === 1
				? say('1 line has it', '1 行匹配')
				: say(`${count} lines have it`, `${count} 行匹配`);
	if (typing !== null)
		return [blank, input(pen, typing), ...(typing ? paragraph(pen, found, {indent: 2, tone: 'quiet'}) : [])];
	const place = hit !== null && count > 0 ? `  ${hit + 1}/${count}` : '';
	return [
		blank,
		...hang(
			pen,
			[span('  / ', 'focus')],
			[span(tame(query)), span(place || `  ${tell(found, pen.language)}`, 'quiet')],
			2,
		),
	];
}

/** The lines that speak: what the services themselves wrote, for the finding at hand or, without one, for every symptom. */
function speaking(session: Session, pen: Pen, view: LogView | null): Page {
	const finding = findingOfLog(session);
	const symptoms = tellingSymptoms(session).filter(({lines}) => lines.length > 0);
	const services = [...new Set(symptoms.map(({service}) => service))];
	const sections: Row[][] = services.map(service => [
		...paragraph(pen, service, {tone: 'strong'}),
		...symptoms
			.filter(symptom => symptom.service === service)
			.flatMap(({lines}) => lines.flatMap(line => quote(pen, line, {tone: 'plain', most: longest}))),
	]);
	const logged = (finding?.because ?? []).filter(({source}) => source.startsWith('log'));
	for (const source of new Set(logged.map(one => one.source)))
		sections.push([
			...paragraph(pen, source, {tone: 'strong'}),
			...logged
				.filter(one => one.source === source)
				.flatMap(({says, at}) =>
					quote(pen, `${at ? `${clock(at)}  ` : ''}${tell(says, pen.language)}`, {tone: 'plain', most: longest}),
				),
		]);
	return page({
		heading: [...title(session, pen, view), ...state(session, pen, view)],
		body:
			sections.length > 0
				? apart(sections)
				: paragraph(pen, say('No log line speaks of it.', '没有日志提到它。'), {tone: 'quiet'}),
	});
}

const empty = (pen: Pen): Row[] =>
	paragraph(pen, say('It has written nothing yet.', '它还没有写过日志。'), {tone: 'quiet'});

/** Why there is not more to see. */
function state(session: Session, pen: Pen, view: LogView | null): Row[] {
	if (session.reading) return [...busy(pen, say('reading the log', '正在读取日志'), session.readingAt), blank];
	if (view?.why) return [...hang(pen, [span('? ', 'unknown')], prose(pen, view.why)), blank];
	return [];
}
