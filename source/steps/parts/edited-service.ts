import {say, verbatim} from '../../core/say.ts';
import type {Report} from '../../core/step.ts';
import type {WriteWorld} from '../../core/write-world.ts';
import {withCompose} from '../recreate-service.ts';
import {type Before as Edited, putBack, write} from './edit-file.ts';

/** An edit of a file that only counts in a new container. `container`: whose place that one takes. */
export type EditedService = {file: string; edited: Edited; container: string};

export async function writeAndRecreate(
	world: WriteWorld,
	service: string,
	{file, edited}: EditedService,
	report: Report,
): Promise<void> {
	await write(world, file, edited);
	await withCompose(world, [service], line => report(verbatim(line)));
}

/**
 * Both together: a container with the new configuration must not be started again by what an undo does next. Where the old container
 * is still the only one, it was never replaced.
 */
export async function putBackAndRecreate(
	world: WriteWorld,
	service: string,
	{file, edited, container}: EditedService,
	report: Report,
): Promise<void> {
	await putBack(world, file, edited);
	const {target} = world;
	const all = target.kind === 'compose' ? await world.docker.containers(target.project) : [];
	const present = all.filter(one => one.service === service && !one.oneOff);
	if (present.length === 1 && present[0]?.id === container) return;
	report(say(`Recreating ${service} as it was`, `正在按原样重建 ${service}`));
	await withCompose(world, [service], line => report(verbatim(line)));
}
