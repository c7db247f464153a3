import {authidFilenode, readAuthidFile} from '../core/authid-file.ts';
import type {DockerReader} from '../core/world.ts';
import type {Server} from './server-place.ts';

/** The bootstrap superuser has this oid in every cluster (PostgreSQL's pg_authid.dat, BOOTSTRAP_SUPERUSERID). */
const bootstrap = 10;

/** Its name as the table's file has it, with no login at all: a hint, because the newest change may be in the write-ahead log only. */
async function nameOnDisk(docker: DockerReader, {container, data}: Server): Promise<string | null> {
	const map = await docker.readFile(container.id, `${data}/global/pg_filenode.map`).catch(() => null);
	const table =
		map && (await docker.readFile(container.id, `${data}/global/${authidFilenode(map.content)}`).catch(() => null));
	if (!table) return null;
	return readAuthidFile(table.content).find(({oid}) => oid === bootstrap)?.name ?? null;
}

/** Names the bootstrap superuser may have, most likely first; the configured one may be newer than the data. */
export async function superuserNames(
	docker: DockerReader,
	server: Server,
	told: string | null | undefined,
): Promise<string[]> {
	const found = await nameOnDisk(docker, server);
	const names = [found, told, server.environment.get('POSTGRES_USER'), 'postgres'];
	return [...new Set(names.flatMap(name => (name ? [name] : [])))];
}
