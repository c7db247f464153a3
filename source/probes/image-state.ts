import {parseTemplate, substitute} from '../core/compose-template.ts';
import {probe} from '../core/probe.ts';
import {type ProgramFile, readProgram} from '../core/program-file.ts';
import {say} from '../core/say.ts';
import type {Container, ReadWorld} from '../core/world.ts';
import {readComposeProject} from '../world/compose-project.ts';
import {plainVariable} from '../world/server-place.ts';
import {presentContainer} from './present-container.ts';

/** The image that a service wants, and whether this machine can start what is in it. */
export type ImageReport = {
	/** As the Compose file or the container names it; '' when the file names none. */
	reference: string;
	/** Whether the engine has it. */
	present: boolean;
	/** `os/architecture` of the image, such as `linux/arm64`; null when it is not here. */
	platform: string | null;
	/** Whether the Compose file has a recipe for it. */
	builds: boolean;
	/** The program that the container starts: null when it has no container or the file is not found. */
	program: (ProgramFile & {path: string}) | null;
};

const usualPath = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** The file behind the first word of a command, found as the engine finds it: as it stands, or along PATH. */
async function programOf({docker}: ReadWorld, container: Container): Promise<ImageReport['program']> {
	const [word] = [...container.entrypoint, ...container.command];
	if (!word) return null;
	const path = (await plainVariable(docker, container.id, 'PATH'))?.split(':') ?? usualPath;
	const places = word.startsWith('/') ? [word] : path.map(folder => `${folder}/${word}`);
	for (const place of places) {
		const file = await docker.readFile(container.id, place);
		if (file) return {...readProgram(file.content), path: place};
	}
	return null;
}

/** What the files say: the image by its name, and whether it is built. */
async function planned(world: ReadWorld, service: string): Promise<{reference: string; builds: boolean}> {
	const {services, lookup} = await readComposeProject(await world.place(), world.files);
	const own = services.get(service);
	const reference = own?.image ? substitute(parseTemplate(own.image.text).pieces, lookup) : '';
	const builds = own?.others.some(({key}) => key === 'build') ?? false;
	// Compose calls what it builds itself after the project and the service.
	const project = world.target.kind === 'compose' ? world.target.project : '';
	return {reference: reference || (builds ? `${project}-${service}` : ''), builds};
}

export const imageState = probe<ImageReport>({
	id: 'image-state',
	title: service => say(`Looking at the image of ${service}`, `查看 ${service} 的镜像`),
	like: service => `docker image inspect $(docker compose config --images ${service})`,
	deadline: 6000,
	async observe(world, service) {
		const container = await presentContainer(world, service);
		const {reference: written, builds} = await planned(world, service);
		const reference = container?.image || written;
		if (reference === '') throw new Error('the files name no image');
		const [image, program] = await Promise.all([
			world.docker.image(container?.imageId || reference),
			container ? programOf(world, container) : null,
		]);
		return {
			reference,
			present: image !== null,
			platform: image && [image.os, image.architecture, image.variant].filter(Boolean).join('/'),
			builds,
			program,
		};
	},
});
