import type {Secret} from '../core/secret.ts';
import type {DockerWriter, Keep, WriteWorld} from '../core/write-world.ts';
import {createComposeRunner, noCompose} from './compose-run.ts';
import {createDockerWriter} from './docker-writer.ts';
import {createFileWriter} from './file-writer.ts';
import type {WorldParts} from './parts.ts';
import {createReferences} from './references.ts';
import {createRowFiles} from './row-files.ts';
import {createSql} from './sql-routes.ts';

export type GrantOptions = {keep: Keep; signal: AbortSignal; settings: ReadonlyMap<string, Secret>};

/** An external database has no engine: a step that asks for one is a bug of the plan. */
const noEngine = new Proxy({} as DockerWriter, {
	get: (_target, name) => () => Promise.reject(new Error(`no engine for ${String(name)}`)),
});

/**
 * Makes the world in which steps may write. Nothing is sent or opened yet; the connection that may write is made here and
 * nowhere else.
 */
export function grantWrites(parts: WorldParts, {keep, signal, settings}: GrantOptions): WriteWorld {
	const {world, endpoint, environment, redactor, forget} = parts;
	const remember = (secret: Secret): void => redactor.add(secret);
	for (const secret of settings.values()) remember(secret);
	const docker = endpoint ? createDockerWriter(parts.connect()) : noEngine;
	const secret = createReferences({world, keep, settings, remember, signal});
	const files = createFileWriter({keep, secret});
	const {target} = world;
	const compose =
		endpoint && target.kind === 'compose'
			? createComposeRunner({world, project: target.project, endpoint, environment, signal, forget})
			: noCompose;
	return {
		...world,
		write: {
			docker,
			files: {
				...files,
				async become(path, reference, from) {
					await files.become(path, reference, from);
					forget();
				},
			},
			compose,
			sql: createSql({world, docker, secret, signal}),
			rows: createRowFiles({world, docker, secret, signal}, keep),
		},
		keep,
		signal,
		secret,
	};
}
