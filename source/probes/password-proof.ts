import type {Mangling} from '../core/mangling.ts';
import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';
import {Trouble} from '../core/trouble.ts';
import {proveByFile} from './prove-by-file.ts';
import {proveByLogin} from './prove-by-login.ts';
import {proveByVerifier} from './prove-by-verifier.ts';

export type {Mangling} from '../core/mangling.ts';

/** How a configured password relates to the one the server keeps. */
export type ProofVerdict =
	/** Also where the rule for this client asks for no password at all. */
	| 'fits'
	| 'wrong'
	/** Fits once one well-known mangling is taken back; see `mangling`. */
	| 'mangled'
	| 'role-missing'
	/** The role has no password in the server. */
	| 'no-stored-password'
	/** The client sends none. */
	| 'no-password-given'
	/** Login refused for another reason than the password; see `login`. */
	| 'other-refusal'
	| 'not-tried';

export type CredentialProof = {
	credential: string;
	/** `verifier`: checked here against the stored verifier, with no login. `login`: a real TCP login by the client's route. `file`: the server is stopped, and pg_authid was read from its file. */
	method: 'verifier' | 'login' | 'file' | 'none';
	verdict: ProofVerdict;
	mangling: Mangling | null;
	/** The login's SQLSTATE and message when `method` is `login`. */
	login: {sqlstate: string | null; message: string} | null;
};

export type PasswordProof = {
	proofs: CredentialProof[];
	/**
	 * Passwords that fit a role: `candidate:<n>` for what a person or an older file offers (its place in `world.candidates()`),
	 * else the id of the credential that is configured with it.
	 */
	known: {role: string; reference: string; from: {en: string; zh: string}}[];
	/** How the socket answers: decides the route of a repair. */
	socket: 'trust' | 'denied' | 'no-server';
};

export const passwordProof = probe<PasswordProof>({
	id: 'password-proof',
	title: service =>
		say(
			`Checking every configured password against what ${service || 'the database'} keeps, without a login`,
			`对照 ${service || '数据库'} 保存的校验值核对每个配置的密码（不登录）`,
		),
	like: () => 'select rolname, rolpassword from pg_authid  -- compared here, never shown',
	deadline: 30_000,
	async observe(world, service, signal) {
		try {
			return await proveByVerifier(world, service, signal);
		} catch (error) {
			if (!(error instanceof Trouble)) throw error;
			if (error.code === 'socket-denied') return proveByLogin(world, service, signal);
			// A container between two crashes refuses the command itself.
			if (!['not-running', 'conflict', 'exec-lost'].includes(error.code)) throw error;
			return proveByFile(world, service);
		}
	},
});
