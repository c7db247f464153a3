import type {WriteWorld} from '../../core/write-world.ts';

/** What is kept never changes: a second note of the same name gets a number, and the last one counts. */
const numbered = (name: string, count: number): string => (count === 1 ? name : `${name}.${count}`);

/** Keeps a small JSON note for the later steps of the same run. It survives a killed process; no secrets. */
export async function putNote(world: Pick<WriteWorld, 'keep' | 'now'>, name: string, value: unknown): Promise<void> {
	// The time makes every note another one, so that going back to an earlier value is a new note as well.
	await world.keep.put(name, Buffer.from(JSON.stringify({at: world.now().toISOString(), value})));
}

/** The last note of that name; null when no step has left one. */
export async function getNote<Value>(world: Pick<WriteWorld, 'keep'>, name: string): Promise<Value | null> {
	let last: Buffer | null = null;
	for (let count = 1; ; count++) {
		const bytes = await world.keep.get(numbered(name, count));
		if (!bytes) break;
		last = bytes;
	}
	return last ? (JSON.parse(last.toString('utf8')) as {value: Value}).value : null;
}
