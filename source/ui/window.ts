import {cursorOf, type Intent, itemsOf, type Screen, type Session} from '../core/session.ts';
import type {Wish} from './keys.ts';
import {type Laid, lay, type Page} from './page.ts';
import type {Pen} from './pen.ts';
import {applying} from './screens/applying.ts';
import {causes} from './screens/causes.ts';
import {choosing} from './screens/choosing.ts';
import {consent} from './screens/consent.ts';
import {fixes} from './screens/fixes.ts';
import {help} from './screens/help.ts';
import {log} from './screens/log.ts';
import {planScreen} from './screens/plan.ts';
import {proof} from './screens/proof.ts';
import {resume} from './screens/resume.ts';
import {settings} from './screens/settings.ts';
import {troubleScreen} from './screens/trouble.ts';
import {walking} from './screens/walking.ts';

const pages: Readonly<Record<Screen, (session: Session, pen: Pen) => Page>> = {
	choosing,
	resume,
	walking,
	causes,
	fixes,
	settings,
	plan: planScreen,
	consent,
	applying,
	proof,
	trouble: troubleScreen,
};

export type Size = {columns: number; rows: number};

/** Below this nothing useful fits, and a notice says so. */
export const smallest: Size = {columns: 40, rows: 15};
export const isTooSmall = ({columns, rows}: Size): boolean => columns < smallest.columns || rows < smallest.rows;

/** Text is not spread wider than a person can read. */
const widest = 120;

/** Title, rule, rule and key bar. */
const frameRows = 4;

export const pageOf = (session: Session, pen: Pen): Page =>
	session.overlay === 'help'
		? help(session, pen)
		: session.overlay === 'log'
			? log(session, pen)
			: pages[session.screen](session, pen);

export const innerColumns = ({columns}: Size): number => Math.min(widest, columns - 2);

/** The page of a session with its window for a terminal of this size. */
export const layOut = (session: Session, size: Size, pen: Omit<Pen, 'columns'>): Laid =>
	lay(pageOf(session, {...pen, columns: innerColumns(size)}), Math.max(1, size.rows - frameRows), session.scroll);

const step = 3;

/** Up and down scroll through what is taller than the window, and otherwise move the cursor. */
function move(session: Session, {page: {focus}, top, natural, height, last}: Laid, by: number): Intent {
	const scrolled = (to: number): Intent => ({type: 'scroll', to: Math.max(0, Math.min(last, to))});
	if (!focus || session.overlay) return scrolled(top + by);
	const place = cursorOf(session);
	if (by > 0) {
		const hidden = focus.to > top + height;
		if ((hidden || place === itemsOf(session) - 1) && top < last) return scrolled(top + step);
	} else {
		if (focus.from < top) return scrolled(top - step);
		if (top > natural || (place === 0 && top > 0)) return scrolled(top - step);
	}
	return {type: 'move', by};
}

/** The match that is wanted: the next or previous one, or for a new search (0) the first from the window's top on. */
function find(session: Session, {page: {hits}, top, height, last}: Laid, by: -1 | 0 | 1): Intent {
	const query = by === 0 ? (session.log?.typing ?? '') : (session.log?.query ?? '');
	if (hits.length === 0) return {type: 'found', query, hit: null, to: null};
	const from = hits.findIndex(({to}) => to > top);
	const first = from < 0 ? 0 : from;
	const place = session.log?.hit ?? null;
	const hit = by === 0 || place === null ? first : (place + by + hits.length) % hits.length;
	const row = hits[hit]?.from ?? 0;
	// A few rows above it tell how it came about.
	return {type: 'found', query, hit, to: Math.max(0, Math.min(last, row - Math.floor(height / 3)))};
}

/** Turns a wish into an intent, now that the window is known. */
export function intentOf(session: Session, laid: Laid, wish: Exclude<Wish, {type: 'copy'}>): Intent {
	switch (wish.type) {
		case 'move':
			return move(session, laid, wish.by);
		case 'page':
			return {type: 'scroll', to: Math.max(0, Math.min(laid.last, laid.top + wish.by * Math.max(1, laid.height - 1)))};
		case 'find':
			return find(session, laid, wish.by);
		case 'edge':
			return laid.page.focus && !session.overlay ? wish : {type: 'scroll', to: wish.to === 'first' ? 0 : laid.last};
		default:
			return wish;
	}
}
