import {mountIndex} from '../core/compose-mount.ts';
import {composeSource, type NewPlace} from '../core/new-place.ts';
import {say} from '../core/say.ts';
import {step} from '../core/step.ts';
import {Trouble} from '../core/trouble.ts';
import type {WriteWorld} from '../core/write-world.ts';
import {aloneOn} from '../world/server-place.ts';
import {endLeftovers} from './parts/data-helper.ts';
import {prepare} from './parts/edit-file.ts';
import {type EditedService, putBackAndRecreate, writeAndRecreate} from './parts/edited-service.ts';
import {sourceOf} from './parts/made-place.ts';
import {containerNow} from './parts/services.ts';
import {refuseBlanks} from './recreate-service.ts';

type Input = {
	service: string;
	/** The Compose files that may say where the data is mounted; the last that does counts, as for Compose. */
	files: string[];
	/** Where the present mount sits in the container. */
	at: string;
	/** A new place that an earlier step fills, or a volume that is there already. */
	place: NewPlace | {volume: string; destination: string};
	flags: string[];
};

/** The file to edit. @throws Trouble when none says it in a way that can be edited */
export async function fileWithMount(world: WriteWorld, {service, files, at}: Pick<Input, 'service' | 'files' | 'at'>) {
	for (const file of files.toReversed()) {
		const text = (await world.files.read(file))?.toString('latin1') ?? '';
		if (mountIndex(text, service, at) >= 0) return file;
	}
	throw new Trouble(
		'no-place-for-change',
		say(
			`No Compose file says what is mounted at \`${at}\` of ${service} in a way that can be edited.`,
			`没有 Compose 文件以可编辑的方式写明 ${service} 的 \`${at}\` 挂载了什么。`,
		),
		{
			next: say(
				'Write the mount under `volumes:` of the service itself.',
				'请把该挂载写在此服务自己的 `volumes:` 下。',
			),
		},
	);
}

async function changeOf(input: Input, world: WriteWorld) {
	const {place, service, at} = input;
	const isNew = 'beside' in place;
	const source = isNew ? sourceOf(world, place) : place.volume;
	const {workingDirectory} = await world.place();
	return {
		kind: 'mount',
		service,
		at,
		source: composeSource(source, workingDirectory),
		destination: place.destination,
		external: !isNew || place.kind === 'volume',
	} as const;
}

/** Nobody else may work on what is about to be mounted; whoever made the plan saw no one, but time has passed. */
async function requireAlone(world: WriteWorld, service: string, place: Input['place']): Promise<void> {
	const source = 'beside' in place ? sourceOf(world, place) : place.volume;
	await endLeftovers(world, [source]);
	const volume = await world.docker.volume(source);
	const mount = {type: 'volume', name: volume ? source : '', source: volume?.mountpoint ?? source};
	const {id} = await containerNow(world, service);
	await aloneOn(world.docker, [{...mount, destination: '', writable: true}], [id]);
}

const shown = ({place}: Input): string => ('beside' in place ? `${place.beside}-${place.mark}-<time>` : place.volume);

/**
 * Points a service to other data in its Compose file and makes its container anew. The two belong together: a container that still
 * has the other mount must not be started again by an undo.
 */
export const remountData = step<Input, EditedService>({
	id: 'remount-data',
	risk: 'restarts',
	says: input =>
		say(
			`Mount \`${shown(input)}\` into ${input.service} in place of what is at \`${input.at}\`, in the Compose file, and recreate it`,
			`在 Compose 文件中把 \`${shown(input)}\` 挂载到 ${input.service}，取代 \`${input.at}\` 处的挂载，并重建容器`,
		),
	like(input) {
		const {service, at, place, files, flags} = input;
		const source = shown(input);
		const isVolume = !('beside' in place) || place.kind === 'volume';
		return [
			`--- ${files.join(' or ')}`,
			` services: ${service}: volumes:`,
			`-  - …:${at}`,
			`+  - ${source}:${place.destination}`,
			...(isVolume ? ['+volumes:', `+  ${source}:`, '+    external: true'] : []),
			['docker compose', ...flags, 'up --detach --force-recreate --no-deps', service].join(' '),
		].join('\n');
	},
	async before(input, world) {
		const change = await changeOf(input, world);
		const file = await fileWithMount(world, input);
		await refuseBlanks(world, [input.service]);
		const {id} = await containerNow(world, input.service);
		return {file, edited: await prepare(world, file, change), container: id};
	},
	async apply({service, place}, before, world, report) {
		await requireAlone(world, service, place);
		await writeAndRecreate(world, service, before, report);
	},
	undo: ({service}, before, world, report) => putBackAndRecreate(world, service, before, report),
});
