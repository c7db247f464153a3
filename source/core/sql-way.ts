import type {SqlOptions, SqlRoute} from './write-world.ts';

/** How the SQL of a plan reaches the server. Plain JSON without secrets: it is part of a step's input. */
export type SqlWay = {
	route: SqlRoute;
	/** For `tcp`: whom to log in as, where, and the reference of the password that is known. */
	via: {user: string; secret: string; database: string} | null;
	/** Bootstrap superuser as far as it is known. */
	superuser: string | null;
};

/** @param database default: `template1`, or over TCP the database that the known password was proven on */
export const optionsOf = ({route, via, superuser}: SqlWay, database?: string): SqlOptions => ({
	route,
	superuser,
	...(via ? {credential: via.secret, user: via.user} : {}),
	...(database === undefined ? (via ? {database: via.database} : {}) : {database}),
});

/**
 * How a person would send statements by this route. They go to standard input: what stands in a command line can be seen by
 * every user of the machine and stays in the shell's history.
 */
export function likeSql(
	service: string,
	{route, via, superuser}: SqlWay,
	statements: string,
	database = 'template1',
): string {
	const role = superuser ?? 'postgres';
	const sql = `<<'SQL'\n${statements}\nSQL`;
	const psql = `psql -U ${role} -d ${database}`;
	const inside = `docker compose exec -T -u postgres ${service} ${psql} ${sql}`;
	switch (route) {
		case 'socket':
			return service === '' ? `${psql} ${sql}` : inside;
		case 'tcp':
			return `psql -h ${service || 'HOST'} -U ${via?.user ?? role} -d ${via?.database ?? database} ${sql}`;
		case 'socket-line':
			return [
				`cp -p pg_hba.conf pg_hba.conf.compose-medic.bak`,
				`sed -i '1i local ${database} ${role} trust' pg_hba.conf; kill -HUP "$(head -n 1 postmaster.pid)"`,
				inside,
				`mv pg_hba.conf.compose-medic.bak pg_hba.conf; kill -HUP "$(head -n 1 postmaster.pid)"`,
			].join('\n');
		case 'private-server':
			return [
				`docker run -d --name private --network none --volumes-from ${service} IMAGE postgres -c hba_file=/tmp/hba -c listen_addresses=`,
				`docker exec -i private ${psql} ${sql}`,
				'docker stop -t 60 private',
			].join('\n');
		case 'single-user':
			return `docker run --rm -i --network none --volumes-from ${service} IMAGE postgres --single -c exit_on_error=true ${database} ${sql}`;
	}
}
