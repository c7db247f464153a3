import {inspect} from 'node:util';

const mask = '•••';

/**
 * A value that must never be seen. It prints as a mask in text, JSON and `inspect`.
 * Only `world/` and `core/scram.ts` may open it; a lint test holds that rule.
 */
export class Secret {
	readonly #value: string;

	constructor(value: string) {
		this.#value = value;
	}

	/** The clear value. The name is meant to stand out where it is used. */
	open(): string {
		return this.#value;
	}

	equals(other: Secret): boolean {
		return this.#value === other.#value;
	}

	toString(): string {
		return mask;
	}

	toJSON(): string {
		return mask;
	}

	[inspect.custom](): string {
		return mask;
	}
}
