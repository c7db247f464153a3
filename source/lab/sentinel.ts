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
 * Starts a server of the version that made the data on a copy of it, wherever below the mount it lies, and asks it over its socket.
 * The image is the lab's own of that version; nothing of the deployment is touched. Another server may be at work in a folder beside.
 */
const askCopy = (user: string, database: string): string => `
set -e
at=$(dirname "$(find /stopped -maxdepth 4 -name PG_VERSION ! -path '*/base/*' | LC_ALL=C sort | head -n 1)")
mkdir -m 700 /tmp/copy
find "$at" -mindepth 1 -maxdepth 1 ! -name pgdata ! -name postmaster.pid -exec cp -a {} /tmp/copy ';'
# Neither its settings nor its rules may keep the rows from being counted.
: >/tmp/copy/postgresql.conf
: >/tmp/copy/postgresql.auto.conf
chown -R postgres:postgres /tmp/copy
printf 'local all all trust\n' >/tmp/hba
gosu postgres pg_ctl -D /tmp/copy -w -t 60 -l /tmp/log -o "-c listen_addresses= -c shared_preload_libraries= -c hba_file=/tmp/hba" start >/dev/null || { tail -n 3 /tmp/log >&2; exit 1; }
psql -XqAt -h /var/run/postgresql -U ${user} -d ${database} -c "${check}"
`;

/**
 * Row count and checksum of the sentinel rows in a volume or folder that no server works on.
 * @param source volume name or host path
 */
export async function sentinelIn(deployment: LabDeployment, source: string): Promise<string> {
	const {stack} = (await readMarker(deployment.directory)) ?? {};
	if (!stack) throw new Error(`${deployment.directory} is not a folder of the lab`);
	const {user, database} = databases[stack];
	const run = ['run', '--rm', '--network', 'none', '--volume', `${source}:/stopped:ro`, '--entrypoint', 'bash'];
	return (await docker([...run, 'postgres:15', '-c', askCopy(user, database)])).trim();
}

/** Where a container keeps its data. */
async function dataOf(container: string): Promise<string> {
	const format =
		'{{range .Mounts}}{{.Type}} {{if .Name}}{{.Name}}{{else}}{{.Source}}{{end}} {{.Destination}}{{println}}{{end}}';
	const mounts = (await dockerLines(['inspect', '--format', format, container]))
		.map(line => line.trim().split(' '))
		.filter(([type, , destination]) => type !== 'tmpfs' && destination?.startsWith('/var/lib/postgresql'));
	// The longest is the one that was mounted on purpose: images of 18 and later add one above it.
	const source = mounts.toSorted(([, , a = ''], [, , b = '']) => b.length - a.length)[0]?.[1];
	if (!source) throw new Error(`${container} has no data on a mount`);
	return source;
}

/** What only a server that works says. Of one that falls while it is asked there is not even a word. */
const answered = /ERROR: |password authentication failed|(?:role|database) "\S+" does not exist/;

/**
 * Row count and checksum of the sentinel rows, read over the server's own socket; of one that does not come up, from a copy of its data.
 * @throws Error when the rows are not there
 */
export async function sentinelChecksum(deployment: LabDeployment): Promise<string> {
	const filter = ['--all', '--filter', `label=${projectLabelOf(deployment.project)}`, '--format', '{{.Names}}'];
	const names = await dockerLines(['ps', ...filter]);
	const container = names.find(name => /-(db|db_postgres)-\d+$/.test(name));
	if (!container) throw new Error(`${deployment.project} has no database`);
	const marker = await readMarker(deployment.directory);
	if (!marker) throw new Error(`${deployment.directory} is not a folder of the lab`);
	const {user, database} = databases[marker.stack];
	const stdin = Object.entries(marker.secrets)
		// Every guess leaves a line in the server's log; the password that made the data is the likeliest.
		.sort(([name]) => (name === 'database' ? -1 : 1))
		.map(([, secret]) => `${secret}\n`)
		.join('');
	try {
		const ask = ['exec', '-i', '-u', 'postgres', container, 'sh', '-c', tryEach(user, database)];
		return (await docker(ask, {stdin})).trim();
	} catch (error) {
		if (!(error instanceof Error) || answered.test(error.message)) throw error;
		return sentinelIn(deployment, await dataOf(container));
	}
}
