import {BlockList, isIP} from 'node:net';
import type {HbaRule} from './catalog.ts';

/** A connection over TCP as the server sees it arrive. */
export type HbaQuestion = {
	user: string;
	database: string;
	/** The client's address. */
	address: string;
	ssl?: boolean;
	/** For `+role` and `samerole`: whether the user is a member. The user itself counts as its own role without being asked. */
	isMember?: (role: string) => boolean;
	/** The server's own addresses with their prefix lengths, for `samehost` and `samenet`. */
	serverAddresses?: readonly {address: string; prefix: number}[];
};

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

function inside(address: string, network: string, prefix: number): boolean {
	// PostgreSQL compares within one address family only.
	if (isIP(address) === 0 || isIP(address) !== isIP(network)) return false;
	const list = new BlockList();
	list.addSubnet(network, prefix, familyOf(network));
	return list.check(address, familyOf(address));
}

/** Number of leading ones of a netmask in either notation. */
function prefixOf(netmask: string): number {
	const ones = (group: number): number => group.toString(2).replaceAll('0', '').length;
	if (isIP(netmask) === 4) return netmask.split('.').reduce((sum, part) => sum + ones(Number(part)), 0);
	// A mask's zeros stand at its end only, so `::` hides nothing but zeros.
	return netmask.split(':').reduce((sum, part) => sum + ones(Number.parseInt(part || '0', 16)), 0);
}

function typeFits(type: string, ssl: boolean): boolean {
	if (type === 'hostssl') return ssl;
	if (type === 'hostnossl') return !ssl;
	return type === 'host' || type === 'hostnogssenc';
}

function addressFits({address, netmask}: HbaRule, question: HbaQuestion): boolean {
	const own = question.serverAddresses ?? [];
	if (address === null || address === 'all') return true;
	if (address === 'samehost') return own.some(server => server.address === question.address);
	if (address === 'samenet') return own.some(server => inside(question.address, server.address, server.prefix));
	if (isIP(address) === 0) return false;
	return inside(question.address, address, netmask ? prefixOf(netmask) : isIP(address) === 4 ? 32 : 128);
}

/** From PostgreSQL 16 on a name that begins with a slash is a regular expression. */
function patternFits(pattern: string, name: string): boolean {
	try {
		return new RegExp(pattern.slice(1)).test(name);
	} catch {
		return false;
	}
}

const memberOf = ({user, isMember}: HbaQuestion, role: string): boolean => role === user || (isMember?.(role) ?? false);

const databaseFits = (wanted: string, question: HbaQuestion): boolean => {
	if (wanted === 'all') return true;
	// Only physical replication matches it, and no application asks for that.
	if (wanted === 'replication') return false;
	if (wanted === 'sameuser') return question.user === question.database;
	if (wanted === 'samerole' || wanted === 'samegroup') return memberOf(question, question.database);
	return wanted.startsWith('/') ? patternFits(wanted, question.database) : wanted === question.database;
};

const userFits = (wanted: string, question: HbaQuestion): boolean => {
	if (wanted === 'all') return true;
	if (wanted.startsWith('+')) return memberOf(question, wanted.slice(1));
	return wanted.startsWith('/') ? patternFits(wanted, question.user) : wanted === question.user;
};

/**
 * The rule of pg_hba.conf that decides about a connection: the first that matches, and none of the later ones
 * (PostgreSQL's documentation, "The pg_hba.conf File"). Rules by host name are passed over, because only the server's resolver
 * could tell.
 * @param rules rows of `pg_hba_file_rules` in the order of the file; rows with an error are not in force
 */
export function firstMatch(
	rules: readonly HbaRule[],
	question: HbaQuestion,
): {rule: HbaRule; method: string} | 'no-entry' {
	const rule = rules.find(
		candidate =>
			candidate.error === null &&
			typeFits(candidate.type, question.ssl ?? false) &&
			addressFits(candidate, question) &&
			candidate.databases.some(name => databaseFits(name, question)) &&
			candidate.users.some(name => userFits(name, question)),
	);
	return rule ? {rule, method: rule.method} : 'no-entry';
}
