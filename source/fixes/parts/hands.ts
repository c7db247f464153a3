import type {ClientCredential} from '../../core/deployment.ts';
import type {Finding} from '../../core/diagnosis.ts';
import type {See} from '../../core/probe.ts';
import {clientCredentials} from '../../probes/client-credentials.ts';

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What the diagnoses of network and project hand over, for one occurrence; what one left out becomes ''. */
export type Hand = {
	database: string;
	credential: string;
	service: string;
	name: string;
	key: string;
	mangling: string;
	candidates: string[];
	uses: {service: string; key: string}[];
};

const usesIn = (value: unknown): Hand['uses'] =>
	Array.isArray(value)
		? value.map(one => ({
				service: text((one as Hand['uses'][number]).service),
				key: text((one as Hand['uses'][number]).key),
			}))
		: [];

export const handsOf = (finding: Finding): Hand[] =>
	finding.hands.map(hand => ({
		database: text(hand['database']),
		credential: text(hand['credential']),
		service: text(hand['service']),
		name: text(hand['name']),
		key: text(hand['key']),
		mangling: text(hand['mangling']),
		candidates: Array.isArray(hand['candidates']) ? hand['candidates'].map(text).filter(name => name !== '') : [],
		uses: usesIn(hand['uses']),
	}));

/** The credentials that a finding is about, as they are now. */
export const credentialsIn = (see: See, finding: Finding): ClientCredential[] => {
	const ids = new Set(handsOf(finding).map(({credential}) => credential));
	return see(clientCredentials).filter(({id}) => ids.has(id));
};

export const unique = <Value>(values: readonly Value[]): Value[] => [...new Set(values)];

/** The database service that a finding is about. */
export const databaseMeant = (finding: Finding): string => handsOf(finding)[0]?.database || finding.subject || '';
