import type {FileChange} from '../core/file-change.ts';
import {say} from '../core/say.ts';
import {step} from '../core/step.ts';
import {prepare} from './parts/edit-file.ts';
import {type EditedService, putBackAndRecreate, writeAndRecreate} from './parts/edited-service.ts';
import {containerNow} from './parts/services.ts';
import {refuseBlanks} from './recreate-service.ts';

type Input = {
	service: string;
	/** The data directory inside the container. */
	path: string;
	file: string;
	/** The name in an env file whose value PGDATA is; null when it stands in the Compose file. */
	variable: string | null;
	flags: string[];
};

const changeOf = ({service, path, variable}: Input): FileChange =>
	variable === null
		? {kind: 'environment', service, variable: 'PGDATA', value: {text: path}, part: 'whole', scope: 'service'}
		: {kind: 'variable', name: variable, value: {text: path}, part: 'whole'};

/** Lets a server look for its data in another folder of its mounts, and makes its container anew. */
export const pointPgdata = step<Input, EditedService>({
	id: 'point-pgdata',
	risk: 'restarts',
	says: ({service, path, file}) =>
		say(
			`Set \`PGDATA\` of ${service} to \`${path}\` in \`${file}\` and recreate it`,
			`在 \`${file}\` 中把 ${service} 的 \`PGDATA\` 设为 \`${path}\`，并重建容器`,
		),
	like: ({service, path, file, variable, flags}) =>
		[
			`--- ${file}\n+++ ${file}`,
			variable === null ? ` services: ${service}: environment:\n+  PGDATA: ${path}` : `+${variable}=${path}`,
			['docker compose', ...flags, 'up --detach --force-recreate --no-deps', service].join(' '),
		].join('\n'),
	async before(input, world) {
		await refuseBlanks(world, [input.service]);
		const {id} = await containerNow(world, input.service);
		return {file: input.file, edited: await prepare(world, input.file, changeOf(input)), container: id};
	},
	apply: ({service}, before, world, report) => writeAndRecreate(world, service, before, report),
	undo: ({service}, before, world, report) => putBackAndRecreate(world, service, before, report),
});
