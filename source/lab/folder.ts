import {chmod, mkdir, readFile, rm, writeFile} from 'node:fs/promises';
import {homedir} from 'node:os';
import {dirname, join} from 'node:path';
import {docker} from './docker.ts';
import type {LabDeployment} from './fault.ts';

/** Written first and asked for before anything is deleted: a folder without it is somebody else's. */
const markerName = '.compose-medic-lab.json';

export type Marker = LabDeployment & {stack: 'dify' | 'generic'; secrets: Record<string, string>};

/** Where the lab's deployments live unless told otherwise. */
export function labFolder(): string {
	const state = process.env.XDG_STATE_HOME || join(homedir(), '.local', 'state');
	return join(state, 'compose-medic', 'lab');
}

/** Writes a file of a deployment with the folders above it. */
export async function writeDeep(path: string, text: string | Buffer, mode = 0o644): Promise<void> {
	await mkdir(dirname(path), {recursive: true});
	await writeFile(path, text, {mode});
	// The mode given to writeFile is cut by the umask and ignored for files that exist; containers must be able to read.
	await chmod(path, mode);
}

/** The marker holds the deployment's passwords, as its `.env` does, so that its data can be checked whatever happened to them. */
export async function writeMarker(marker: Marker): Promise<void> {
	await writeDeep(join(marker.directory, markerName), `${JSON.stringify(marker, null, '\t')}\n`, 0o600);
}

/** The marker of a folder, or null when it is not one of the lab's. */
export async function readMarker(directory: string): Promise<Marker | null> {
	try {
		return JSON.parse(await readFile(join(directory, markerName), 'utf8')) as Marker;
	} catch {
		return null;
	}
}

/**
 * Deletes the folder of a deployment. Its database files belong to users that exist only inside the containers, so
 * without root's rights a throwaway container of the database's image empties the folder first.
 */
export async function deleteFolder(directory: string, image: string): Promise<void> {
	if (!(await readMarker(directory))) return;
	try {
		await rm(join(directory, 'volumes'), {recursive: true, force: true});
	} catch {
		const mount = `type=bind,source=${join(directory, 'volumes')},target=/volumes`;
		const command = ['--entrypoint', 'find', image, '/volumes', '-mindepth', '1', '-delete'];
		await docker([
			'run',
			'--rm',
			'--network',
			'none',
			'--label',
			'compose-medic.lab=clean-up',
			'--mount',
			mount,
			...command,
		]);
	}
	await rm(directory, {recursive: true, force: true});
}
