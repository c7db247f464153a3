/** The migrations that an application brings, as a graph: each names the one it comes after. */
export type Revisions = {
	/** Every revision by its id, sorted. */
	all: string[];
	/** Those that nothing comes after: where an up-to-date database stands. */
	heads: string[];
};

const revision = /^revision(?:\s*:[^=]+)?\s*=\s*(['"])(\w+)\1/m;
/** One id, several of a merge, or None, with or without a type in front. */
const down = /^down_revision(?:\s*:[^=]+)?\s*=\s*(.*)$/m;

/** Reads what stands at the top of Alembic's migration files (alembic/templates: script.py.mako). */
export function readRevisions(texts: readonly string[]): Revisions {
	const all = new Set<string>();
	const before = new Set<string>();
	for (const text of texts) {
		const id = revision.exec(text)?.[2];
		if (!id) continue;
		all.add(id);
		for (const [, , earlier = ''] of (down.exec(text)?.[1] ?? '').matchAll(/(['"])(\w+)\1/g)) before.add(earlier);
	}
	return {all: [...all].sort(), heads: [...all].filter(id => !before.has(id)).sort()};
}
