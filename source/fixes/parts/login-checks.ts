import type {LoginResult} from '../../core/world.ts';

/**
 * Whether a login result proves that the password was right. PostgreSQL looks for the database and counts connections
 * only after the password was accepted (`InitPostgres` in utils/init/postinit.c), so those refusals prove it as well.
 */
export const passwordAccepted = (login: LoginResult): boolean =>
	login.outcome === 'ok' ||
	(login.outcome === 'refused' &&
		(login.sqlstate === '3D000' ||
			login.sqlstate === '53300' ||
			/database ".*" does not exist|too many (clients|connections)|remaining connection slots/.test(login.message)));

/** Whether the server asked for the password at all: pg_hba.conf is read before it. */
export const pastHba = (login: LoginResult): boolean =>
	passwordAccepted(login) ||
	(login.outcome === 'refused' &&
		(login.sqlstate === '28P01' || login.message.includes('password authentication failed')));
