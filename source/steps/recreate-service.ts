import {list, say, verbatim} from '../core/say.ts';
import type {Secret} from '../core/secret.ts';
import {type Report, step} from '../core/step.ts';
import {Trouble} from '../core/trouble.ts';
import type {WriteWorld} from '../core/write-world.ts';
import {containerNow, inOrder, isUp} from './parts/services.ts';

type Input = {
	services: string[];
	/** The flags by which Compose finds the project again; null when its files can't be read here. */
	flags: string[] | null;
	/** Without files only: variables that the new containers get, by reference of their secret. */
	environment?: {service: string; variable: string; secret: string}[];
	/** Set at the end of an undo. */
	undoing?: boolean;
};

const lastLines = 3;

/** A variable that came from somebody's shell would be lost without a word. */
export async function refuseBlanks(world: WriteWorld, services: readonly string[]): Promise<void> {
	for (const service of services) {
		const blank = await world.write.compose.wouldBlank(service);
		if (blank.length > 0)
			throw new Trouble(
				'would-blank',
				say(
					`Recreating ${service} would leave ${list(blank.map(name => `\`${name}\``)).en} blank.`,
					`重建 ${service} 会使 ${list(blank.map(name => `\`${name}\``)).zh} 变为空值。`,
				),
				{
					why: say(
						'The container has a value that is in no file: it came from the shell that started it.',
						'容器里的值不在任何文件中：它来自启动时的 shell。',
					),
					next: say(
						'Write it into `.env`, or set it in this shell, and run the fix again.',
						'请把它写入 `.env`，或在当前 shell 中设置，然后重新执行修复。',
					),
				},
			);
	}
}

export async function withCompose(
	world: WriteWorld,
	services: string[],
	report: (line: string) => void,
): Promise<void> {
	const {code, stdout, stderr} = await world.write.compose.up(services, {forceRecreate: true, noDeps: true}, report);
	if (code === 0) return;
	const said = world
		.redact(`${stdout}\n${stderr}`)
		.split('\n')
		.filter(line => line.trim() !== '');
	throw new Trouble('compose-failed', say('`docker compose up` did not succeed.', '`docker compose up` 未成功。'), {
		why: verbatim(said.slice(-lastLines).join('\n')),
	});
}

type Before = {
	/** Where the values of before are kept, for containers that are made anew without the files. */
	kept: {service: string; variable: string; reference: string}[];
};

/** Makes containers anew from what they are, with other values for some variables. */
async function throughEngine(
	world: WriteWorld,
	services: readonly string[],
	values: readonly {service: string; variable: string; secret: string}[],
	report: Report,
): Promise<void> {
	for (const service of services) {
		report(say(`Recreating ${service} through the engine`, `正在通过引擎重建 ${service}`));
		const wanted = new Map<string, Secret>();
		for (const {variable, secret} of values.filter(one => one.service === service))
			wanted.set(variable, await world.secret(secret));
		await world.write.docker.recreate(await containerNow(world, service), wanted.size > 0 ? wanted : null);
	}
}

/**
 * At the end of an undo the old configuration counts again, whether or not anybody can live with it: a port that was taken before
 * is taken again. Containers that were made anew from the files are all that is asked for.
 */
async function anewAtLeast(world: WriteWorld, services: readonly string[], make: () => Promise<void>): Promise<void> {
	const before = new Set((await inOrder(world, services)).map(({id}) => id));
	try {
		await make();
	} catch (error) {
		if (!(error instanceof Trouble)) throw error;
		const now = await inOrder(world, services);
		const isAnew =
			now.length === services.length && now.every(({id, status}) => !before.has(id) || status === 'created');
		if (!isAnew) throw error;
	}
}

export const recreateService = step<Input, Before>({
	id: 'recreate-service',
	risk: 'restarts',
	says: ({services, flags}) =>
		flags
			? say(`Recreate ${list(services).en} from the Compose files`, `按 Compose 文件重建 ${list(services).zh}`)
			: say(
					`Recreate ${list(services).en} through the engine, from the present containers: the Compose files can’t be read here`,
					`通过引擎按现有容器重建 ${list(services).zh}：此处无法读取 Compose 文件`,
				),
	like: ({services, flags, environment = []}) =>
		flags
			? ['docker compose', ...flags, 'up --detach --force-recreate --no-deps', ...services].join(' ')
			: services
					.map(service => {
						const variables = environment
							.filter(one => one.service === service)
							.map(({variable}) => ` --env ${variable}=•••`);
						return `docker rename <${service}> <${service}>.compose-medic-replaced; docker stop …; docker run --detach --name <${service}>${variables.join('')} <same image, mounts, networks, labels>; docker rm …`;
					})
					.join('\n'),
	async before({environment = []}, world) {
		const kept: Before['kept'] = [];
		if (await world.write.compose.available()) return {kept};
		for (const {service, variable} of environment) {
			const value = (await world.docker.environment((await containerNow(world, service)).id)).get(variable);
			if (value)
				kept.push({service, variable, reference: await world.keep.put(`before-${service}-${variable}`, value)});
		}
		return {kept};
	},
	async apply({services, environment = [], undoing = false}, _before, world, report) {
		const ordered = (await inOrder(world, services)).map(({service}) => service);
		if (ordered.length === 0) return;
		if (await world.write.compose.available()) {
			if (!undoing) await refuseBlanks(world, ordered);
			const make = (): Promise<void> => withCompose(world, ordered, line => report(verbatim(line)));
			return undoing ? anewAtLeast(world, ordered, make) : make();
		}
		// Without the files there is nothing to be read again: the undo of this very step has put the old values back.
		if (!undoing) await throughEngine(world, ordered, environment, report);
	},
	async undo({services}, {kept}, world, report) {
		if (await world.write.compose.available()) return;
		const present = await inOrder(world, services);
		const ordered = present.map(({service}) => service);
		if (kept.length === 0) {
			for (const {id, status} of present) if (!isUp(status)) await world.write.docker.start(id);
			return;
		}
		const values = kept.map(({service, variable, reference}) => ({service, variable, secret: `keep:${reference}`}));
		await throughEngine(world, ordered, values, report);
	},
});
