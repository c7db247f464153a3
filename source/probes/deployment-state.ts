import type {Deployment, ServiceState} from '../core/deployment.ts';
import {dependenciesOf, plannedContainer, plannedServices} from '../core/deployment-services.ts';
import {harmless} from '../core/hostile.ts';
import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';
import type {Container} from '../core/world.ts';
import {recogniseStack} from '../stacks/index.ts';
import {readComposeProject} from '../world/compose-project.ts';
import {presentContainers} from './present-container.ts';

const stateOf = (
	{status, labels: _, ...container}: Container,
	more: Pick<ServiceState, 'role' | 'dependsOn' | 'variables'> & {redact: (text: string) => string},
): ServiceState => {
	const {redact, ...rest} = more;
	// A password may stand in a command line; each word is cleaned for itself, so that their number stays.
	const words = (list: string[]): string[] => list.map(word => harmless(word, redact));
	const {healthCheck} = container;
	return {
		...container,
		...(healthCheck
			? {healthCheck: {...healthCheck, test: words(healthCheck.test), output: redact(healthCheck.output)}}
			: {}),
		entrypoint: words(container.entrypoint),
		command: words(container.command),
		status,
		...rest,
	};
};

export const deploymentState = probe<Deployment>({
	id: 'deployment-state',
	title: () => say('Reading the containers of the deployment', '读取部署的容器'),
	like: () => 'docker inspect $(docker ps -aq --filter label=com.docker.compose.project=…)',
	async observe(world) {
		const {target, docker} = world;
		const observedAt = world.now().toISOString();
		const project = target.kind === 'compose' ? target.project : target.name;
		const [containers, place] = await Promise.all([presentContainers(world), world.place()]);
		const files = await readComposeProject(place, world.files);
		// A file that is not well formed plans whatever its broken lines happen to look like.
		const sound = files.files.every(({problem}) => problem === null);
		const planned = target.kind === 'compose' && sound ? plannedServices(files.services, files.lookup) : [];
		const missing = planned
			.filter(({name}) => !containers.some(({service}) => service === name))
			.map(service => plannedContainer(service, project, files.lookup));
		const stack = recogniseStack(containers.length > 0 ? containers : missing);
		const redact = (text: string): string => world.redact(text);
		const dependsOn = (container: Container): string[] =>
			dependenciesOf(container) ?? files.services.get(container.service)?.dependsOn ?? [];
		const present = containers.map(async container =>
			stateOf(container, {
				role: stack.roleOf(container),
				dependsOn: dependsOn(container),
				variables: [...(await docker.environment(container.id)).keys()],
				redact,
			}),
		);
		const absent = missing.map(container => ({
			...stateOf(container, {
				role: stack.roleOf(container),
				dependsOn: dependsOn(container),
				variables: [...(files.services.get(container.service)?.environment.keys() ?? [])],
				redact,
			}),
			status: 'missing' as const,
		}));
		return {
			observedAt,
			project,
			stack: target.stack,
			workingDirectory: place.workingDirectory,
			configFiles: place.configFiles,
			environmentFile: place.envFiles.at(-1) ?? null,
			filesReadable: place.configFiles.length > 0 && files.missing.length === 0,
			services: [...(await Promise.all(present)), ...absent],
		};
	},
});
