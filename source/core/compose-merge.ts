import type {ComposeService, ComposeText} from './compose-text.ts';

/** Keys that a later file replaces; the texts of all others come together. */
const single = new Set([
	'image',
	'command',
	'entrypoint',
	'user',
	'container_name',
	'restart',
	'working_dir',
	'hostname',
	'healthcheck',
]);

function over(base: ComposeService, top: ComposeService): ComposeService {
	const replaced = new Set(top.others.map(({key}) => key).filter(key => single.has(key)));
	return {
		name: top.name,
		image: top.image ?? base.image,
		profiles: [...new Set([...base.profiles, ...top.profiles])],
		dependsOn: [...new Set([...base.dependsOn, ...top.dependsOn])],
		replicas: top.replicas ?? base.replicas,
		environment: new Map([...base.environment, ...top.environment]),
		envFiles: [...base.envFiles, ...top.envFiles],
		others: [...base.others.filter(({key}) => !replaced.has(key)), ...top.others],
		mountedAt: [...new Set([...base.mountedAt, ...top.mountedAt])],
		extends: top.extends ?? base.extends,
	};
}

/**
 * Puts files together as Compose does: later ones win, `extends` is resolved.
 * @param extended files that are only extended from, by the path as it is written in `extends`
 */
export function mergeCompose(
	files: readonly ComposeText[],
	extended: ReadonlyMap<string, ComposeText> = new Map(),
): Map<string, ComposeService> {
	const merged = new Map<string, ComposeService>();
	for (const {services} of files)
		for (const [name, service] of services) {
			const known = merged.get(name);
			merged.set(name, known ? over(known, service) : service);
		}
	const resolve = (
		service: ComposeService,
		within: ReadonlyMap<string, ComposeService>,
		depth: number,
	): ComposeService => {
		const {extends: parent} = service;
		if (!parent || depth > 10) return service;
		const place = parent.file === null ? within : extended.get(parent.file)?.services;
		const base = place?.get(parent.service);
		if (!place || !base) return service;
		return over(resolve(base, place, depth + 1), service);
	};
	return new Map([...merged].map(([name, service]) => [name, resolve(service, merged, 0)]));
}
