import {EngineTrouble} from '../core/engine-trouble.ts';
import {createRedactor, type Redactor} from '../core/redact.ts';
import type {Secret} from '../core/secret.ts';
import type {ComposeProject, ReadWorld} from '../core/world.ts';
import type {Keep, WriteWorld} from '../core/write-world.ts';
import {type Choice, chooseTarget, type Where} from './choose-target.ts';
import {openComposeWorld} from './compose-world.ts';
import {openDatabaseWorld} from './database-world.ts';
import {resolveEndpoint, surroundings} from './docker-endpoint.ts';
import {brokenReader, type EngineLink, linkEngine} from './engine-link.ts';
import {localFiles} from './files.ts';
import {folderProject} from './folder-project.ts';
import {eachOnce} from './known-secrets.ts';
import type {WorldParts} from './parts.ts';
import {grantWrites} from './write.ts';

export type {Where} from './choose-target.ts';

export type Opened = {
	world: ReadWorld;
	close(): Promise<void>;
	/** The only way to a world that can be changed; `engine/apply` calls it after consent and under the lock. */
	grant(options: {keep: Keep; signal: AbortSignal; settings: ReadonlyMap<string, Secret>}): WriteWorld;
};

type Start = {where: Where; environment: NodeJS.ProcessEnv; redactor: Redactor; link: () => EngineLink};

function start(where: Where): Start {
	const environment = where.environment ?? process.env;
	const redactor = eachOnce(createRedactor());
	let link: EngineLink | null = null;
	return {
		where: {...where, environment},
		environment,
		redactor,
		// Found out when it is needed: an external database needs no engine, not even a valid context.
		link: () => (link ??= linkEngine(resolveEndpoint(where, surroundings(environment)), redactor)),
	};
}

function opened(world: ReadWorld, {redactor, environment}: Start, link: EngineLink | null, forget: () => void): Opened {
	const parts: WorldParts = {
		world,
		connect() {
			if (link) return link.connect();
			throw new Error('this target has no engine');
		},
		endpoint: link?.endpoint ?? null,
		redactor,
		forget,
		environment,
	};
	return {
		world,
		// Every call has a connection of its own, which ends with it.
		close: async () => forget(),
		grant: options => grantWrites(parts, options),
	};
}

async function open(choice: Choice, begun: Start): Promise<Opened> {
	const {redactor, environment} = begun;
	if (choice.kind === 'database')
		return opened(await openDatabaseWorld(choice.database, redactor, environment), begun, null, () => undefined);
	const link = begun.link();
	const {world, shared} = await openComposeWorld({...choice, link, redactor, environment});
	return opened(world, begun, link, () => {
		link.reader.forget();
		shared.forget();
	});
}

/**
 * Opens what is ill.
 * @throws Trouble with exit code 2 for an unknown project, no project here or several; 10 when the engine can't be asked
 */
export async function openWorld(where: Where): Promise<Opened> {
	const begun = start(where);
	return open(await chooseTarget(begun.where, localFiles, () => begun.link().reader.projects()), begun);
}

/** Like `openWorld`, but an engine that can't be asked gives a world in which every question about it fails, so that the diagnosis can say so. */
export async function openWorldOrBlind(where: Where): Promise<Opened> {
	const begun = start(where);
	try {
		return await open(await chooseTarget(begun.where, localFiles, () => begun.link().reader.projects()), begun);
	} catch (error) {
		if (!(error instanceof EngineTrouble)) throw error;
		const folder = await folderProject(localFiles, begun.where);
		const project = where.project ?? folder?.name ?? '';
		const {environment, redactor} = begun;
		const blind: EngineLink = {...begun.link(), reader: {...brokenReader(error), forget: () => undefined}};
		const world: ReadWorld = {
			target: {kind: 'compose', project, stack: 'generic'},
			now: () => new Date(),
			docker: blind.reader,
			files: localFiles,
			place: async () => ({
				workingDirectory: folder?.workingDirectory ?? null,
				configFiles: folder?.configFiles ?? [],
				envFiles: folder?.envFiles ?? [],
				shell: name => environment[name],
			}),
			listener: async () => null,
			composeVerdict: async () => ({kind: 'no-judge', why: error.what}),
			database: () => {
				throw error;
			},
			credentials: () => Promise.reject(error),
			candidates: () => Promise.resolve([]),
			redact: text => redactor.redact(text),
		};
		return opened(world, begun, blind, () => undefined);
	}
}

/**
 * The Compose projects that have containers, for a list to choose from.
 * @throws Trouble with exit code 10 when the engine can't be asked
 */
export const findProjects = async (where: Where): Promise<ComposeProject[]> => start(where).link().reader.projects();
