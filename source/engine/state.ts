import {createHash} from 'node:crypto';
import {chmod, mkdir} from 'node:fs/promises';
import {homedir} from 'node:os';
import {isAbsolute, join} from 'node:path';
import type {ReadWorld} from '../core/world.ts';

const privateFolder = 0o700;

/** Where the program keeps its state: the XDG base directory specification, which asks to pass over a relative path. */
export function stateRoot(environment: Readonly<Record<string, string | undefined>> = process.env): string {
	const {XDG_STATE_HOME: wanted} = environment;
	return join(wanted && isAbsolute(wanted) ? wanted : join(homedir(), '.local', 'state'), 'compose-medic');
}

const short = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);

/** One project name may live on several engines, so the engine is part of the key. */
async function keyOf({target, docker}: ReadWorld): Promise<string> {
	if (target.kind === 'compose') {
		const {id, endpoint} = await docker.info();
		return `${target.project}-${short(id || endpoint)}`;
	}
	const {host, port} = target;
	return `${host.replaceAll(/[^\w.-]+/g, '-')}-${port}-${short(`${host}:${port}`)}`;
}

/** The folder of one deployment, made when it is not there: lock, journals, and what was kept. Only its owner may look into it. */
export async function deploymentFolder(world: ReadWorld, root = stateRoot()): Promise<string> {
	const folder = join(root, 'deployments', await keyOf(world));
	await mkdir(folder, {recursive: true, mode: privateFolder});
	await chmod(folder, privateFolder);
	return folder;
}
