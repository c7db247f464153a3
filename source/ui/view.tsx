import {Box} from 'ink';
import type {ReactNode} from 'react';
import {type Language, say} from '../core/say.ts';
import type {Session} from '../core/session.ts';
import {type Row, widthOfRow} from '../core/wrap.ts';
import {footer, header} from './parts/frame.ts';
import {Lines} from './parts/lines.tsx';
import {blank, paragraph, shorten, span} from './pen.ts';
import {innerColumns, isTooSmall, layOut, type Size, smallest} from './window.ts';

type Props = {
	readonly session: Session;
	readonly size: Size;
	readonly language: Language;
	readonly color: boolean;
	/** The screen's clock, in milliseconds. */
	readonly now: number;
};

const tooSmall = ({columns, rows}: Size) =>
	say(
		`This window has ${columns}×${rows} places; compose-medic needs ${smallest.columns}×${smallest.rows}. Make it larger, or use \`compose-medic diagnose\`.`,
		`此窗口为 ${columns}×${rows}，compose-medic 至少需要 ${smallest.columns}×${smallest.rows}。请放大窗口，或使用 \`compose-medic diagnose\`。`,
	);

/** All rows of the screen: exactly as many as the window has, none wider than it. */
function rowsOf({session, size, language, color, now}: Props): Row[] {
	const pen = {language, color, now, columns: innerColumns(size)};
	if (isTooSmall(size))
		return paragraph({...pen, columns: Math.max(2, size.columns - 1)}, tooSmall(size)).slice(0, size.rows);
	const laid = layOut(session, size, pen);
	const {page, top, height} = laid;
	const body = page.body.slice(top, top + height);
	const free = Math.max(0, height - body.length);
	const air = Array.from({length: free}, () => blank);
	const middle = [...page.heading, ...body, ...(page.low ? [...air, ...page.pinned] : [...page.pinned, ...air])].slice(
		0,
		size.rows - 4,
	);
	return [...header(session, pen, laid), ...middle, ...footer(session, pen, laid)].map(row =>
		row.length === 0 ? row : [span(' '), ...shorten(row, pen.columns)],
	);
}

/** One frame of the wizard, a pure picture of its session. */
export function View(props: Props): ReactNode {
	const rows = rowsOf(props);
	return (
		<Box flexDirection="column" width={Math.max(...rows.map(widthOfRow), 1)}>
			<Lines rows={rows} color={props.color} />
		</Box>
	);
}
