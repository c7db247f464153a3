import {say, type Text} from '../../core/say.ts';
import {type Fault, fault} from '../fault.ts';
import {difyRole, startDifyClients, startDifyDatabase, startDifyDatabaseWithRole} from '../stacks/dify.ts';

/** Dify with a role of its own, to which something happened. */
function roleFault(id: string, expected: string, title: Text, sql: (password: string) => string): Fault {
	return fault({
		id,
		kind: 'fault',
		stack: 'dify',
		title,
		expects: [{id: expected, service: 'db'}],
		async provoke(lab) {
			await startDifyDatabaseWithRole(lab);
			await lab.sql(sql(lab.secret('database')));
			await startDifyClients(lab);
		},
	});
}

export const roleMissing = fault({
	id: 'role-missing',
	kind: 'fault',
	stack: 'dify',
	title: say('DB_USERNAME names a role that the server does not have', 'DB_USERNAME 指定的角色不存在'),
	expects: [{id: 'role-missing', service: 'db'}],
	async provoke(lab) {
		await startDifyDatabase(lab, {environment: {DB_USERNAME: 'dify_user'}});
		await startDifyClients(lab);
	},
});

export const roleWithoutPassword = roleFault(
	'role-without-password',
	'role-without-password',
	say('The role has no password', '角色没有密码'),
	() => `alter role ${difyRole} password null`,
);

export const roleCannotLogin = roleFault(
	'role-cannot-login',
	'role-cannot-login',
	say('The role may not log in', '角色不允许登录'),
	() => `alter role ${difyRole} nologin`,
);

export const roleCannotLoginExpired = roleFault(
	'role-cannot-login-expired',
	'role-cannot-login',
	say('The password of the role has expired', '角色密码已过期'),
	() => `alter role ${difyRole} valid until '2024-01-01'`,
);

export const roleCannotLoginLimit = roleFault(
	'role-cannot-login-limit',
	'role-cannot-login',
	say('The role may hold no connection', '角色的连接数上限为零'),
	() => `alter role ${difyRole} connection limit 0`,
);

export const authMethodUnsupported = roleFault(
	'auth-method-unsupported',
	'auth-method-unsupported',
	say('The password is kept as md5, pg_hba.conf asks for SCRAM', '密码以 md5 保存，而 pg_hba.conf 要求 SCRAM'),
	password => `set password_encryption = 'md5'; alter role ${difyRole} password '${password}'`,
);
