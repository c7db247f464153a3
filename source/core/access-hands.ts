import type {ClientCredential} from './deployment.ts';
import type {Finding} from './diagnosis.ts';

/** What an access diagnosis hands to its fixes, for one credential. */
export type AccessHand = {
	/** Database service, '' for an external database. */
	database: string;
	/** `ClientCredential.id`, or '' when the diagnosis is not about a credential. */
	credential: string;
	service: string;
	user: string;
	databaseName: string;
	/** Client address that a pg_hba rule turned away, or ''. */
	address: string;
};

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Reads the hands of an access finding; what a diagnosis left out becomes ''. */
export const accessHands = (finding: Finding): AccessHand[] =>
	finding.hands.map(hand => ({
		database: text(hand['database']),
		credential: text(hand['credential']),
		service: text(hand['service']),
		user: text(hand['user']),
		databaseName: text(hand['databaseName']),
		address: text(hand['address']),
	}));

/** The password that a role shall get, by reference, and who agrees on it. */
export type ChosenPassword = {
	role: string;
	/** Credential id whose password is taken. */
	secret: string;
	/** Client credentials that carry exactly this password. */
	agree: string[];
	/** Client credentials of the same role that carry another one and stay locked out. */
	differ: string[];
};

/**
 * Chooses one password per role: the one that most clients carry; a tie goes to the one the database container would
 * use for a first start, then to the first.
 * @param roles the roles that the finding is about
 * @param credentials those that mean this one server, its own initial one included
 */
export function choosePasswords(roles: readonly string[], credentials: readonly ClientCredential[]): ChosenPassword[] {
	return [...new Set(roles)].flatMap(role => {
		const own = credentials.filter(one => one.user === role && one.sameAs !== null && one.urlProblem === null);
		const clients = own.filter(({purpose}) => purpose === 'client');
		const initial = own.find(({purpose}) => purpose === 'initial');
		const votes = new Map<string, number>();
		for (const {sameAs} of clients) if (sameAs) votes.set(sameAs, (votes.get(sameAs) ?? 0) + 1);
		const most = Math.max(0, ...votes.values());
		const leaders = [...votes].filter(([, count]) => count === most).map(([letter]) => letter);
		const letter = leaders.find(one => one === initial?.sameAs) ?? leaders[0] ?? initial?.sameAs ?? null;
		const chosen = clients.find(({sameAs}) => sameAs === letter) ?? initial;
		if (!letter || !chosen) return [];
		return [
			{
				role,
				secret: chosen.id,
				agree: clients.filter(({sameAs}) => sameAs === letter).map(({id}) => id),
				differ: clients.filter(({sameAs}) => sameAs !== letter).map(({id}) => id),
			},
		];
	});
}
