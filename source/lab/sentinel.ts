import {docker, dockerLines} from './docker.ts';
import type {LabDeployment} from './fault.ts';
import {readMarker} from './folder.ts';
import {projectLabelOf} from './labels.ts';
import type {LabStage} from './stage.ts';
import {until} from './until.ts';

const databases = {dify: {user: 'postgres', database: 'dify'}, generic: {user: 'shop', database: 'shopdb'}};

const create = `
create table if not exists sentinel (id integer primary key, value text not null);
insert into sentinel select n, md5(n::text) from generate_series(1, 1000) n on conflict do nothing;
`;
const check = "select count(*) || ' ' || md5(string_agg(id || ':' || value, ',' order by id)) from sentinel";

/** Puts in the rows that every repair must leave as they are. */
export async function plantSentinel(lab: LabStage, stack: keyof typeof databases, service = 'db'): Promise<void> {
	const {user, database} = databases[stack];
	// The server of the first start, which is stopped again, answers the socket and any health check on it, but not TCP.
	const ready = ['pg_isready', '--quiet', '-h', '127.0.0.1', '-U', user, '-d', database];
	await until(`${service} to accept connections`, lab.signal, () =>
		lab.docker('exec', '-u', 'postgres', lab.container(service), ...ready).then(
			() => true,
			() => false,
		),
	);
	await lab.sql(create, {user, database, service});
}

/** The passwords go through standard input, one per line; the first that opens the socket is used. */
const tryEach = (user: string, database: string): string =>
	`while read -r PGPASSWORD; do export PGPASSWORD; psql -XqAt -U ${user} -d ${database} -c "${check}" && exit; done; exit 1`;

/**
 * Row count and checksum of the sentinel rows, read over the server's own socket.
 * @throws Error when the database does not run or the rows are not there
 */
export async function sentinelChecksum(deployment: LabDeployment): Promise<string> {
	const filter = ['--filter', `label=${projectLabelOf(deployment.project)}`, '--format', '{{.Names}}'];
	const names = await dockerLines(['ps', ...filter]);
	const container = names.find(name => /-(db|db_postgres)-\d+$/.test(name));
	if (!container) throw new Error(`no database of ${deployment.project} is running`);
	const marker = await readMarker(deployment.directory);
	if (!marker) throw new Error(`${deployment.directory} is not a folder of the lab`);
	const {user, database} = databases[marker.stack];
	const stdin = Object.entries(marker.secrets)
		// Every guess leaves a line in the server's log; the password that made the data is the likeliest.
		.sort(([name]) => (name === 'database' ? -1 : 1))
		.map(([, secret]) => `${secret}\n`)
		.join('');
	const answer = await docker(['exec', '-i', '-u', 'postgres', container, 'sh', '-c', tryEach(user, database)], {
		stdin,
	});
	return answer.trim();
}
