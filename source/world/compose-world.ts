import {placeFromLabels} from '../core/deployment-place.ts';
import {plannedContainer, plannedServices} from '../core/deployment-services.ts';
import type {Redactor} from '../core/redact.ts';
import type {Secret} from '../core/secret.ts';
import type {
	ComposePlace,
	Container,
	Credential,
	DatabaseReader,
	DockerReader,
	LogLine,
	ReadWorld,
} from '../core/world.ts';
import {recogniseStack, type Stack} from '../stacks/index.ts';
import {readComposeProject} from './compose-project.ts';
import {composeVerdict} from './compose-verdict.ts';
import {credentialsOf} from './credentials.ts';
import type {EngineLink} from './engine-link.ts';
import {localFiles} from './files.ts';
import type {FolderProject} from './folder-project.ts';
import {listenerOn} from './host-ports.ts';
import {rememberSecrets} from './known-secrets.ts';
import {oldPasswords} from './old-passwords.ts';
import {composeDatabase} from './postgres.ts';
import {createShared, type Shared} from './shared.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export type ComposeWorldParts = {
	project: string;
	folder: FolderProject | null;
	link: EngineLink;
	redactor: Redactor;
	environment: Environment;
};

/** Milliseconds for which credentials count as just read. */
const together = 1500;

/** Milliseconds for which a log counts as just read: one pass over the tree, in which several probes ask for the same one. */
const onePass = 2000;
/** Lines that one read brings for all of them. */
const sharedLines = 2000;

/** The containers' own memory of their files where those can be read here, else the folder's files, else the memory. */
async function placeOf(
	containers: readonly Container[],
	folder: FolderProject | null,
	environment: Environment,
): Promise<ComposePlace> {
	const shell = (name: string): string | undefined => environment[name];
	const remembered = placeFromLabels(containers);
	const readable = remembered && (await Promise.all(remembered.configFiles.map(localFiles.exists))).every(Boolean);
	// An env file that was named on the command line is what the user means now.
	if (remembered && readable && remembered.configFiles.length > 0)
		return {...remembered, shell, ...(folder?.envFileNamed ? {envFiles: folder.envFiles} : {})};
	if (folder) return {...folder, shell};
	return remembered ? {...remembered, shell} : {workingDirectory: null, configFiles: [], envFiles: [], shell};
}

/** Recognises the application by its containers, or by its files when it has none. */
async function stackOf(containers: readonly Container[], place: ComposePlace, project: string): Promise<Stack> {
	if (containers.length > 0) return recogniseStack(containers);
	const {services, lookup} = await readComposeProject(place, localFiles);
	return recogniseStack(plannedServices(services, lookup).map(service => plannedContainer(service, project, lookup)));
}

/** Tells the redactor what the env files hold: a password may stand there that no container has got yet. */
async function rememberFiles(redactor: Redactor, place: ComposePlace): Promise<void> {
	const {env, serviceEnv, services, lookup} = await readComposeProject(place, localFiles);
	const names = [...services.keys()];
	const texts = [...env.map(({text}) => text), ...[...serviceEnv.values()].flat().flatMap(({text}) => text ?? [])];
	const assigned = texts.flatMap(({lines}) =>
		lines.flatMap(({name, text}) => [[name, text ?? ''] as const, [name, lookup(name) ?? ''] as const]),
	);
	const written = [...services.values()].flatMap(({environment}) =>
		[...environment].flatMap(([name, {text}]) => (text && !text.includes('$') ? [[name, text] as const] : [])),
	);
	rememberSecrets(redactor, [...assigned, ...written], [], names);
}

/** A Compose project as probes see it. */
export async function openComposeWorld({
	project,
	folder,
	link,
	redactor,
	environment,
}: ComposeWorldParts): Promise<{world: ReadWorld; shared: Shared}> {
	const {reader} = link;
	const shared = createShared(together);
	const logs = createShared(onePass);
	const containers = (): Promise<Container[]> => reader.containers(project);
	const place = async (): Promise<ComposePlace> => placeOf(await containers(), folder, environment);
	const first = await containers();
	const stack = await stackOf(first, await place(), project);
	await rememberFiles(redactor, await place()).catch(() => undefined);

	const remember = (all: readonly Container[]) => (password: Secret) =>
		redactor.add(password, {public: [project, ...all.map(({service}) => service)]});

	const credentials = (): Promise<Credential[]> =>
		shared.get('credentials', async () => {
			const all = await containers();
			const found = await credentialsOf({containers: all, docker: reader, stack, remember: remember(all)});
			const open = found.flatMap(({user, host, database, service}) => [user, host, database, service]);
			for (const {password} of found) if (password) redactor.add(password, {public: open});
			return found;
		});

	const docker: DockerReader = {
		...reader,
		// A log may quote the password of any service, also one that comes out of a file.
		async logs(id, options) {
			await credentials().catch(() => undefined);
			const {since, tail, signal} = options;
			if (tail > sharedLines) return reader.logs(id, options);
			const read = (): Promise<LogLine[]> => reader.logs(id, {since, tail: sharedLines, signal});
			try {
				return (await logs.get(`${id} ${since ?? ''}`, read)).slice(-tail);
			} catch (error) {
				// The one who began the read may have given up sooner.
				if (signal?.aborted || !(error instanceof Error && error.name.match(/Abort|Timeout/))) throw error;
				return reader.logs(id, options);
			}
		},
	};

	// One reader for each server: it learns the superuser's name once.
	const databases = new Map<string, DatabaseReader>();
	const database = (service: string): DatabaseReader => {
		const known = databases.get(service);
		if (known) return known;
		const roles = async (): Promise<string[]> => [...new Set((await credentials()).map(({user}) => user))];
		const made = composeDatabase({service, docker: reader, containers, roles});
		databases.set(service, made);
		return made;
	};

	const world: ReadWorld = {
		target: {kind: 'compose', project, stack: stack.id},
		now: () => new Date(),
		docker,
		files: localFiles,
		place,
		composeVerdict: async signal =>
			composeVerdict({
				project,
				place: await place(),
				endpoint: link.endpoint,
				environment,
				redact: text => redactor.redact(text),
				signal,
			}),
		listener: async port => ('socketPath' in link.endpoint.address ? listenerOn(port) : null),
		database,
		credentials,
		candidates: async () => oldPasswords(localFiles, (await place()).envFiles, environment, remember(first)),
		redact: text => redactor.redact(text),
	};
	return {
		world,
		shared: {
			...shared,
			forget() {
				shared.forget();
				logs.forget();
			},
		},
	};
}
