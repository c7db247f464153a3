import {messages} from './index.ts';

/** Which diagnoses a few lines speak for, each with the greatest weight of all that was said. */
export function heardIn(lines: readonly string[]): ReadonlyMap<string, number> {
	const heard = new Map<string, number>();
	for (const {says, speaksFor} of messages) {
		if (!lines.some(line => says.test(line))) continue;
		for (const [id, weight] of Object.entries(speaksFor)) heard.set(id, Math.max(weight, heard.get(id) ?? 0));
	}
	return heard;
}
