import {ifKnown} from '../core/if-known.ts';
import type {See} from '../core/probe.ts';
import {say, type Text} from '../core/say.ts';
import {all, asking, chapter, leaf, nothing} from '../core/walk.ts';
import {authMethodUnsupported} from '../diagnoses/auth-method-unsupported.ts';
import {clientPasswordDrift} from '../diagnoses/client-password-drift.ts';
import {databaseMissing} from '../diagnoses/database-missing.ts';
import {exposedToInternet} from '../diagnoses/exposed-to-internet.ts';
import {hbaRejects} from '../diagnoses/hba-rejects.ts';
import {roleCannotLogin} from '../diagnoses/role-cannot-login.ts';
import {roleMissing} from '../diagnoses/role-missing.ts';
import {roleWithoutPassword} from '../diagnoses/role-without-password.ts';
import {staleVolumePassword} from '../diagnoses/stale-volume-password.ts';
import {wrongServer} from '../diagnoses/wrong-server.ts';
import {databaseReadiness} from '../probes/database-readiness.ts';
import {exposureOf} from '../probes/exposure-looks.ts';
import {ruleFor} from '../probes/hba-look.ts';
import {
	type ClientScope,
	catalogOf,
	clients,
	databaseName,
	fitsElsewhere,
	isExternal,
	isReadable,
	isRunning,
	portFits,
	proofOf,
	roleOf,
	siblings,
} from '../probes/looks.ts';
import {passwordProof} from '../probes/password-proof.ts';
import {serviceLog} from '../probes/service-log.ts';
import {startExplains} from '../probes/start-looks.ts';

function notAsked(see: See, scope: ClientScope): Text | null {
	const {database, credential} = scope;
	const name = databaseName(see, database);
	// What a stopped server keeps can be read from outside, as far as its files tell.
	if (!isRunning(see, database))
		return see(passwordProof, database).proofs.some(({method}) => method === 'file')
			? null
			: say(`${name} does not run`, `${name} 未运行`);
	if (see(databaseReadiness, database).state !== 'accepting')
		return say(`${name} does not accept logins yet`, `${name} 尚不接受登录`);
	return portFits(see, scope) === false
		? say(`${credential.service} does not reach ${name}`, `${credential.service} 连不到 ${name}`)
		: null;
}

/** The chapter of the start-up names what was never made; a refusal that follows from it is no cause of its own. */
const neverMade = (see: See, {database, credential}: ClientScope): boolean =>
	!isExternal(see) && (ifKnown(() => startExplains(see, database, credential)) ?? false);

/** A login's refusal put into the words of the catalog, for servers that do not talk over their socket. */
function refusalOf(
	see: See,
	scope: ClientScope,
): 'database-missing' | 'hba-rejects' | 'cannot-login' | 'other-refusal' {
	const login = proofOf(see, scope.database, scope.credential.id)?.login;
	const text = login?.message ?? '';
	if (login?.sqlstate === '3D000' || /database .* does not exist/.test(text)) return 'database-missing';
	if (/pg_hba\.conf/.test(text)) return 'hba-rejects';
	if (/not permitted to log in|too many connections for role/.test(text)) return 'cannot-login';
	return 'other-refusal';
}

/** Only the server's own log tells a missing role from a wrong password when the catalog can't be read. */
const logSaysRoleMissing = (see: See, {database, credential}: ClientScope): boolean =>
	!isExternal(see) &&
	catalogOf(see, database) === null &&
	see(serviceLog, database).events.some(({detail}) => detail?.includes(`Role "${credential.user}" does not exist`));

function whoFits(see: See, scope: ClientScope): 'elsewhere' | 'drift' | 'nobody' {
	if (fitsElsewhere(see, scope)) return 'elsewhere';
	return siblings(see, scope).some(({id}) => proofOf(see, scope.database, id)?.verdict === 'fits') ? 'drift' : 'nobody';
}

const ask = asking<ClientScope>();

const mayLogin = ask(
	({credential}) =>
		say(
			`Does the server let \`${credential.user}\` into \`${credential.database}\`?`,
			`服务器允许 \`${credential.user}\` 进入 \`${credential.database}\` 吗？`,
		),
	(see, scope) => {
		const catalog = catalogOf(see, scope.database);
		const role = roleOf(see, scope);
		if (!catalog || !role) return 'yes';
		const full =
			role.connectionLimit === 0 ||
			(role.connectionLimit > 0 && role.connections >= role.connectionLimit && !role.superuser);
		if (!role.canLogin || role.expired || full) return 'cannot-login';
		const rule = ruleFor(see, scope);
		if (rule === 'no-entry' || (rule && rule.method === 'reject'))
			return neverMade(see, scope) ? 'never-made' : 'hba-rejects';
		if (rule && rule.method === 'scram-sha-256' && role.secret === 'md5') return 'md5-under-scram';
		if (!catalog.databases.some(({name}) => name === scope.credential.database))
			return neverMade(see, scope) ? 'never-made' : 'database-missing';
		return 'yes';
	},
	{
		'cannot-login': leaf(roleCannotLogin),
		'md5-under-scram': leaf(authMethodUnsupported),
		'database-missing': leaf(databaseMissing),
		'hba-rejects': leaf(hbaRejects),
		'never-made': nothing,
		yes: nothing,
	},
);

const password = ask(
	({credential}) =>
		say(
			`Does the password of ${credential.service || 'the client'} fit the one stored for \`${credential.user}\`?`,
			`${credential.service || '客户端'} 的密码与为 \`${credential.user}\` 保存的一致吗？`,
		),
	(see, scope) => {
		const verdict = proofOf(see, scope.database, scope.credential.id)?.verdict ?? 'not-tried';
		switch (verdict) {
			case 'fits':
			case 'not-tried':
				return 'fits';
			case 'role-missing':
				if (neverMade(see, scope)) return 'never-made';
				return fitsElsewhere(see, scope) ? 'role-elsewhere' : 'role-missing';
			case 'no-stored-password':
				return 'no-stored-password';
			case 'mangled':
				return 'changed-on-its-way';
			case 'no-password-given':
				return 'no-password';
			case 'other-refusal': {
				const refusal = refusalOf(see, scope);
				const gap = refusal === 'database-missing' || refusal === 'hba-rejects';
				return gap && neverMade(see, scope) ? 'never-made' : refusal;
			}
			case 'wrong':
				return logSaysRoleMissing(see, scope) ? 'role-missing' : whoFits(see, scope);
		}
	},
	{
		fits: mayLogin,
		elsewhere: leaf(wrongServer),
		'role-elsewhere': leaf(wrongServer),
		drift: leaf(clientPasswordDrift),
		nobody: leaf(staleVolumePassword),
		'role-missing': leaf(roleMissing),
		'no-stored-password': leaf(roleWithoutPassword),
		'changed-on-its-way': nothing,
		'no-password': nothing,
		'database-missing': leaf(databaseMissing),
		'hba-rejects': leaf(hbaRejects),
		'cannot-login': leaf(roleCannotLogin),
		'never-made': nothing,
		'other-refusal': nothing,
	},
);

const exposure = ask(
	({database}) =>
		say(
			`Can strangers get into ${database || 'the database'}, or have they been?`,
			`陌生人能进入 ${database || '数据库'}，或已经进来过吗？`,
		),
	(see, scope) => {
		const {defaultPassword, notes, strangers} = exposureOf(see, scope);
		if (notes.length > 0) return 'wiped';
		if (defaultPassword) return 'published';
		return strangers.length > 0 ? 'knocked-at' : 'closed';
	},
	{
		wiped: leaf(exposedToInternet),
		published: leaf(exposedToInternet),
		'knocked-at': leaf(exposedToInternet),
		closed: nothing,
	},
);

export const access = chapter<ClientScope>(
	{
		id: 'access',
		title: say('Access: roles, passwords, pg_hba.conf', '访问：角色、密码与 pg_hba.conf'),
		each: see =>
			clients(see).filter(
				scope => isReadable(see, scope) && (isExternal(see) || scope.credential.leadsTo.kind === 'service'),
			),
		unless: notAsked,
	},
	all(password, exposure),
);
