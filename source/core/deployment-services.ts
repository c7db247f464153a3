import {type Lookup, parseTemplate, substitute} from './compose-template.ts';
import type {ComposeService, Written} from './compose-text.ts';
import type {Container} from './world.ts';

const filled = (written: Written | null, lookup: Lookup): string =>
	written ? substitute(parseTemplate(written.text).pieces, lookup) : '';

/** A service that the files describe and that has no container, in a container's shape, so that a stack can tell its role. */
export const plannedContainer = (service: ComposeService, project: string, lookup: Lookup): Container => ({
	id: '',
	name: '',
	service: service.name,
	project,
	oneOff: false,
	image: filled(service.image, lookup),
	imageId: '',
	status: 'created',
	pid: 0,
	exitCode: 0,
	oomKilled: false,
	error: '',
	health: null,
	restartCount: 0,
	restartPolicy: '',
	createdAt: '',
	startedAt: null,
	finishedAt: null,
	tty: false,
	user: '',
	entrypoint: [],
	command: [],
	memoryLimit: 0,
	shmSize: 0,
	networkMode: '',
	networks: [],
	ports: [],
	wantedPorts: [],
	mounts: service.mountedAt.map(destination => ({type: 'volume', name: '', source: '', destination, writable: true})),
	labels: {},
});

/** Services that `docker compose up` would start: of no profile or an active one, not scaled to zero, and all that those depend on. */
export function plannedServices(services: ReadonlyMap<string, ComposeService>, lookup: Lookup): ComposeService[] {
	const active = new Set((lookup('COMPOSE_PROFILES') ?? '').split(',').map(name => name.trim()));
	const wanted = new Set<string>();
	const add = (name: string): void => {
		const service = services.get(name);
		if (!service || wanted.has(name) || service.replicas === 0) return;
		wanted.add(name);
		service.dependsOn.forEach(add);
	};
	for (const {name, profiles} of services.values())
		if (profiles.length === 0 || active.has('*') || profiles.some(profile => active.has(profile))) add(name);
	return [...services.values()].filter(({name}) => wanted.has(name));
}

/** Service names in `depends_on` as Compose v2 keeps them on a container: `db:service_healthy:false,redis:service_started:true`. */
export const dependenciesOf = ({labels}: Container): string[] | null => {
	const label = labels['com.docker.compose.depends_on'];
	return label === undefined
		? null
		: label
				.split(',')
				.flatMap(part => part.split(':')[0] || [])
				.sort();
};
