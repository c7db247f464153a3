import type {Message} from '../core/message.ts';
import type {PastedLine} from './line.ts';

/** Everything that is kept of one message in one service's lines, however often it was said. */
export type Sighting = {
	message: Message;
	/** `''` where no line named a service. */
	service: string;
	count: number;
	/** Where in the input it was said first and last, in lines. */
	first: number;
	last: number;
	/** The earliest and latest time that was told, in epoch milliseconds. */
	firstAt: number | null;
	lastAt: number | null;
	/** Times of the first occurrences, for the rhythm. */
	times: number[];
	/** Names that the sentence held, with how often. */
	names: Map<string, number>;
	/** The first line that said it, and the next different one: harmless, redacted, cut around the sentence. */
	lines: string[];
};

/** Bounds for input of any size: more of the same says nothing new. */
const mostTimes = 64;
const mostNames = 64;
const mostServices = 64;

/** What was said, by whom and when. Memory does not grow with the input. */
export class Sightings {
	readonly #all = new Map<string, Sighting>();
	readonly #services = new Set<string>();

	/** @param shown makes the line as it may be kept and shown; only called for lines that are kept */
	add(
		message: Message,
		{service: named, at}: Omit<PastedLine, 'text'>,
		names: readonly string[],
		order: number,
		shown: (message: Message) => string,
	): void {
		const service = this.#services.has(named) || this.#services.size < mostServices ? named : '';
		this.#services.add(service);
		const key = `${service}\n${message.id}`;
		const known = this.#all.get(key);
		if (!known) {
			this.#all.set(key, {
				message,
				service,
				count: 1,
				first: order,
				last: order,
				firstAt: at,
				lastAt: at,
				times: at === null ? [] : [at],
				names: new Map(names.map(name => [name, 1])),
				lines: [shown(message)],
			});
			return;
		}
		known.count++;
		known.last = order;
		if (at !== null) {
			known.firstAt = Math.min(known.firstAt ?? at, at);
			known.lastAt = Math.max(known.lastAt ?? at, at);
			if (known.times.length < mostTimes) known.times.push(at);
		}
		for (const name of names)
			if (known.names.has(name) || known.names.size < mostNames)
				known.names.set(name, (known.names.get(name) ?? 0) + 1);
		if (known.lines.length < 2 && known.count < 16) {
			const line = shown(message);
			if (line !== known.lines[0]) known.lines.push(line);
		}
	}

	/** In an order that does not depend on the order of the input. */
	all(): Sighting[] {
		return [...this.#all.values()].sort((a, b) =>
			`${a.message.id} ${a.service}` < `${b.message.id} ${b.service}` ? -1 : 1,
		);
	}

	services(): string[] {
		return [...this.#services].filter(Boolean).sort();
	}
}
