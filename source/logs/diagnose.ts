import {
	type Certainty,
	type Diagnosis,
	type Evidence,
	type LookAlike,
	opposes,
	points,
	type Scope,
} from '../core/diagnosis.ts';
import {say, type Text, verbatim} from '../core/say.ts';
import {chapterOf} from '../tree/contract.ts';
import {chapters} from '../tree/index.ts';
import {proofs} from './proof.ts';
import type {Reading} from './reader.ts';
import {type Reason, type Suspect, suspects} from './score.ts';

/** What one observation would tell apart. `against` is the next plausible diagnosis, or null for the last one. */
export type Decision = {against: string | null; tell: Text};

export type LogFinding = {
	id: string;
	chapter: string;
	service: string | null;
	severity: 'failure' | 'warning';
	/** Never `certain`: lines prove nothing about now. */
	certainty: Exclude<Certainty, 'certain'>;
	title: Text;
	about: Text | null;
	beware: Text | null;
	because: Evidence[];
	decide: Decision;
};

const leaves = new Map(
	chapters.flatMap(({leaves}) => leaves).map(leaf => [leaf.id, leaf as unknown as Diagnosis<Scope>]),
);

export const titleOf = (id: string): Text => leaves.get(id)?.name ?? verbatim(id.replaceAll('-', ' '));

const lookAlike = (id: string, other: string): LookAlike | undefined =>
	leaves.get(id)?.lookAlikes?.find(known => known.id === other);

function decision(id: string, next: string | null): Decision {
	const own = next === null ? undefined : (lookAlike(id, next)?.tell ?? lookAlike(next, id)?.tell);
	const proof = own ?? proofs[id];
	return {
		against: next,
		tell:
			proof ??
			say(
				`Look at the deployment itself: \`compose-medic diagnose --only ${id}\``,
				`请检查部署本身：\`compose-medic diagnose --only ${id}\``,
			),
	};
}

/** Evidence for one reader: at most this many reasons, the strongest first. */
const mostReasons = 5;

const sourceOf = (service: string): string => (service ? `${service} log` : 'log');
const isoOf = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

function evidence(reason: Reason, redact: (text: string) => string): Evidence[] {
	const {sighting, clue, history} = reason;
	const make = reason.for ? points : opposes;
	if (clue)
		return [
			make({en: redact(clue.says.en), zh: redact(clue.says.zh)}, [...new Set(clue.services.map(sourceOf))].join(', ')),
		];
	if (!sighting) return [];
	const {lines, service, count, firstAt, lastAt} = sighting;
	const line = lines[0] ?? '';
	const often = count > 1 ? say(` (${count} times)`, `（${count} 次）`) : say('', '');
	const found = make({en: line + often.en, zh: line + often.zh}, sourceOf(service), isoOf(lastAt ?? firstAt));
	return history
		? [found, opposes(say('The server said later that it is ready', '服务器之后报告已就绪'), sourceOf(service))]
		: [found];
}

/** One line, of one message in one service, is evidence once. */
function because(reasons: readonly Reason[], redact: (text: string) => string): Evidence[] {
	const all = reasons.slice(0, mostReasons * 2).flatMap(reason => evidence(reason, redact));
	const known = new Set<string>();
	return all
		.filter(({says, source}) => {
			const key = `${source} ${says.en}`;
			return !known.has(key) && known.add(key);
		})
		.slice(0, mostReasons + 1);
}

/** Several things agree, or one that nothing else says; and nothing speaks against it. */
function certaintyOf({score, reasons}: Suspect, lead: number): LogFinding['certainty'] {
	const speaking = reasons.filter(reason => reason.for && !reason.history);
	const kinds = new Set(speaking.map(({sighting, clue}) => sighting?.message ?? clue)).size;
	const strong = speaking.some(({weight}) => weight >= 8);
	const opposed = reasons.some(reason => !reason.for);
	return strong && !opposed && lead >= 1 && (kinds > 1 || score >= 9) ? 'likely' : 'possible';
}

const mostFindings = 8;

/**
 * Names every plausible diagnosis, best first. Pure.
 * @param redact takes secrets out of names that clues repeat; lines in the reading are redacted already
 */
export function findingsOf(reading: Reading, redact: (text: string) => string): LogFinding[] {
	const ranked = suspects(reading.sightings.all()).slice(0, mostFindings);
	return ranked.map((suspect, index) => {
		const {id, reasons, score} = suspect;
		const leaf = leaves.get(id);
		const next = ranked[index + 1];
		const strongest = reasons.find(reason => reason.for);
		return {
			id,
			chapter: chapterOf(id) ?? '',
			service: strongest?.sighting?.service || strongest?.clue?.services.find(Boolean) || null,
			severity: leaf?.severity ?? 'failure',
			certainty: certaintyOf(suspect, index === 0 ? score - (next?.score ?? 0) : 0),
			title: titleOf(id),
			about: leaf?.about ?? null,
			beware: leaf?.beware ?? null,
			because: because(reasons, redact),
			decide: decision(id, next?.id ?? null),
		};
	});
}
