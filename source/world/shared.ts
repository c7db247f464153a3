/** Answers that are shared for a moment, by key. */
export type Shared = {
	get<Value>(key: string, ask: () => Promise<Value>): Promise<Value>;
	forget(): void;
};

/**
 * Gives everybody who asks the same question at about the same time one answer, so that probes that run together see one state
 * of the world. A failure is told to all of them and not kept.
 * @param milliseconds how long an answer is good for after it came
 */
export function createShared(milliseconds: number): Shared {
	const answers = new Map<string, Promise<unknown>>();
	return {
		get<Value>(key: string, ask: () => Promise<Value>): Promise<Value> {
			const known = answers.get(key) as Promise<Value> | undefined;
			if (known) return known;
			const answer = ask();
			const drop = (): void => {
				if (answers.get(key) === answer) answers.delete(key);
			};
			answers.set(key, answer);
			answer.then(() => setTimeout(drop, milliseconds).unref(), drop);
			return answer;
		},
		forget: () => answers.clear(),
	};
}
