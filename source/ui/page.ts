import type {Row} from '../core/wrap.ts';

/** What a screen wants to show. The view cuts the window out of it. */
export type Page = {
	/** One heading row, always visible. */
	heading: Row[];
	body: Row[];
	/** Rows of the body that the cursor stands on. */
	focus: {from: number; to: number} | null;
	/** Rows that stay visible below the body: what is going on now, where to type. */
	pinned: Row[];
	/** Keeps them at the bottom of the window, where they don't move while the body grows. */
	low: boolean;
	/** Rows of the body on which each match of a search stands, in their order. */
	hits: readonly {from: number; to: number}[];
	/** Whether the end of the body is what the reader wants to see first. */
	tail: boolean;
};

export const page = (parts: Partial<Page>): Page => ({
	heading: [],
	body: [],
	focus: null,
	pinned: [],
	low: false,
	hits: [],
	tail: false,
	...parts,
});

/** A page with its window: which rows are visible, and how many are hidden above and below. */
export type Laid = {page: Page; top: number; natural: number; height: number; last: number};

/** Shows the cursor's rows; when they are taller than the window, their beginning. */
function naturalTop({focus, tail, body}: Page, height: number): number {
	const last = Math.max(0, body.length - height);
	if (tail) return last;
	if (!focus || focus.to <= height) return 0;
	// One row more than the focus shows that something follows.
	return Math.min(last, focus.from, Math.max(0, focus.to - height + 1));
}

/**
 * Cuts the window.
 * @param height rows that body, heading and pinned rows share
 * @param scroll the row that the reader scrolled to, or null
 */
export function lay(page: Page, height: number, scroll: number | null): Laid {
	const room = Math.max(1, height - page.heading.length - page.pinned.length);
	const last = Math.max(0, page.body.length - room);
	const natural = naturalTop(page, room);
	return {page, natural, last, height: room, top: Math.max(0, Math.min(last, scroll ?? natural))};
}
