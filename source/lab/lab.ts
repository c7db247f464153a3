import {readFile, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import type {Text} from '../core/say.ts';
import {docker, dockerLines} from './docker.ts';
import type {Fault, LabDeployment} from './fault.ts';
import {deleteFolder, labFolder, readMarker, writeDeep, writeMarker} from './folder.ts';
import {label, projectLabel, projectLabelOf} from './labels.ts';
import {LabStage} from './stage.ts';

export type LabOptions = {
	/** Default: a folder named after the project in the user's state folder. */
	directory?: string;
	/** Default: `compose-medic-lab-<fault>`; tests add a suffix to run several at once. */
	project?: string;
	report?: (line: Text) => void;
	signal?: AbortSignal;
};

const prefix = 'compose-medic-lab-';
const databaseImage = 'postgres:15-alpine';

/** The bundled client lies beside the program; when the sources themselves run, it is taken from the last build. */
async function clientProgram(): Promise<Buffer> {
	for (const place of ['./lab-client.js', '../../dist/lab-client.js']) {
		const program = await readFile(new URL(place, import.meta.url)).catch(() => null);
		if (program) return program;
	}
	throw new Error('lab-client.js is missing beside the program; run the build first');
}

/** Whether the engine has anything under this name: of the lab, or of a project that only happens to be called so. */
async function anythingOf(project: string): Promise<boolean> {
	const foreign = dockerLines(['ps', '--all', '--quiet', '--filter', `label=com.docker.compose.project=${project}`]);
	const kinds = [
		['ps', '--all'],
		['network', 'ls'],
		['volume', 'ls'],
	];
	const mine = kinds.map(kind => dockerLines([...kind, '--quiet', '--filter', `label=${projectLabelOf(project)}`]));
	return (await Promise.all([foreign, ...mine])).some(lines => lines.length > 0);
}

/**
 * Makes a throwaway deployment and puts its fault into it. What an earlier call left under the same name is removed first.
 * When something goes wrong on the way, nothing is left behind.
 */
export async function labUp(fault: Fault, options: LabOptions = {}): Promise<LabDeployment> {
	const project = options.project ?? `${prefix}${fault.id}`;
	const directory = options.directory ?? join(labFolder(), project);
	const report = options.report ?? (() => {});
	const deployment: LabDeployment = {project, directory, fault: fault.id};
	const client = await clientProgram();
	if (await anythingOf(project)) await labDown(project);
	const foreign = (await stat(directory).catch(() => null)) && !(await readMarker(directory));
	if (foreign) throw new Error(`${directory} exists and was not made by the lab`);
	await deleteFolder(directory, databaseImage);
	const lab = new LabStage({project, directory, fault: fault.id, report, signal: options.signal});
	try {
		await writeMarker({...deployment, stack: fault.stack, secrets: {}});
		await writeDeep(join(directory, 'client.mjs'), client);
		await fault.provoke(lab);
		await writeMarker({...deployment, stack: fault.stack, secrets: lab.secrets});
	} catch (error) {
		await labDown(project, directory).catch(() => {});
		throw error;
	}
	return deployment;
}

/** The folder as the containers know it, else the default one. */
async function folderOf(project: string): Promise<string> {
	const format = '{{.Label "com.docker.compose.project.working_dir"}}';
	const folders = await dockerLines([
		'ps',
		'--all',
		'--filter',
		`label=${projectLabelOf(project)}`,
		'--format',
		format,
	]);
	return folders.find(folder => folder.trim() !== '') ?? join(labFolder(), project);
}

/** Names of the volumes that containers mount, those that nobody named as well. */
async function mountedVolumes(containers: readonly string[]): Promise<string[]> {
	if (containers.length === 0) return [];
	return dockerLines(['inspect', '--format', '{{range .Mounts}}{{println .Name}}{{end}}', ...containers]);
}

/** Copies that a reset has set aside belong to the deployment: in the lab nobody comes back for them. */
async function keptCopies(sources: readonly string[]): Promise<string[]> {
	const copies = [...new Set(sources)].map(source =>
		dockerLines(['volume', 'ls', '--quiet', '--filter', `label=compose-medic.source=${source}`]),
	);
	return (await Promise.all(copies)).flat();
}

/** Engines of 20.10 sometimes keep the end of a container that is gone. Such a network is empty, and goes with the engine's next start. */
async function removeNetworks(networks: readonly string[]): Promise<void> {
	for (const network of networks)
		for (let tries = 1; ; tries++) {
			const error: unknown = await docker(['network', 'rm', network]).then(
				() => null,
				error => error,
			);
			if (!error) break;
			if (!(error instanceof Error && error.message.includes('has active endpoints'))) throw error;
			if (tries === 5) break;
			await sleep(500);
		}
}

/**
 * Removes a deployment of the lab with its data and its folder.
 * @throws Error when the project has anything that is not the lab's, or when there is no such deployment
 */
export async function labDown(project: string, directory?: string): Promise<void> {
	const mine = `label=${projectLabelOf(project)}`;
	const folder = directory ?? (await folderOf(project));
	const containers = await dockerLines(['ps', '--all', '--quiet', '--filter', mine]);
	const members = await dockerLines([
		'ps',
		'--all',
		'--quiet',
		'--filter',
		`label=com.docker.compose.project=${project}`,
	]);
	if (members.some(id => !containers.includes(id))) throw new Error(`${project} has containers that are not the lab's`);
	const networks = await dockerLines(['network', 'ls', '--quiet', '--filter', mine]);
	const own = await dockerLines(['volume', 'ls', '--quiet', '--filter', mine]);
	// What a fix has made for the deployment is its own as well.
	const made = ['--filter', `label=com.docker.compose.project=${project}`, '--filter', 'label=compose-medic.made'];
	const volumes = [...own, ...(await dockerLines(['volume', 'ls', '--quiet', ...made]))];
	const marker = await readMarker(folder);
	if (marker && marker.project !== project) throw new Error(`${folder} belongs to ${marker.project}`);
	if (containers.length + networks.length + volumes.length === 0 && !marker)
		throw new Error(`the lab has no deployment ${project}`);
	const kept = await keptCopies([...volumes, ...(await mountedVolumes(containers))]);
	if (containers.length > 0) {
		// One that is started again at this very moment would leave its end in the network.
		await docker(['update', '--restart', 'no', ...containers]).catch(() => {});
		await docker(['rm', '--force', '--volumes', ...containers]);
	}
	await removeNetworks(networks);
	if (volumes.length + kept.length > 0) await docker(['volume', 'rm', ...volumes, ...kept]);
	await deleteFolder(folder, databaseImage);
}

/** Every deployment of the lab that has containers, running or not. */
export async function labList(): Promise<(LabDeployment & {running: number; total: number})[]> {
	const format = `{{.Label "${projectLabel}"}}\t{{.Label "${label}"}}\t{{.State}}`;
	const found = new Map<string, {fault: string; running: number; total: number}>();
	for (const line of await dockerLines(['ps', '--all', '--filter', `label=${projectLabel}`, '--format', format])) {
		const [project = '', fault = '', state = ''] = line.split('\t');
		const entry = found.get(project) ?? {fault, running: 0, total: 0};
		entry.total += 1;
		if (state === 'running') entry.running += 1;
		found.set(project, entry);
	}
	return Promise.all(
		[...found].map(async ([project, entry]) => ({project, directory: await folderOf(project), ...entry})),
	);
}
