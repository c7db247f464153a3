import {ifKnown} from '../core/if-known.ts';
import {probe, type See} from '../core/probe.ts';
import {say} from '../core/say.ts';
import {dataPathOf} from './data-directory.ts';
import {presentContainer} from './present-container.ts';
import {mountOf} from './shared-data.ts';

/** A copy of this deployment's data that the program made before it changed something. */
export type KeptCopy = {
	/** Volume that holds it. */
	volume: string;
	/** The run that made it; it begins with the time. */
	run: string;
};

export const keptCopies = probe<KeptCopy[]>({
	id: 'kept-copies',
	title: service => say(`Looking for kept copies of the data of ${service}`, `查找 ${service} 数据的保留副本`),
	like: () => 'docker volume ls --filter label=compose-medic.kept',
	async observe(world, service) {
		const container = await presentContainer(world, service);
		if (!container) return [];
		const mount = mountOf(await dataPathOf(world, container), container.mounts);
		const source = mount?.type === 'volume' ? mount.name : mount?.source;
		if (!source) return [];
		return (
			(await world.docker.volumes())
				.filter(({labels}) => labels['compose-medic.source'] === source && labels['compose-medic.kept'] !== undefined)
				// What an undo of a reset has set aside is the new, empty cluster.
				.filter(({name}) => !name.endsWith('-new'))
				.map(({name, labels}) => ({volume: name, run: labels['compose-medic.kept'] ?? ''}))
				.sort((a, b) => (a.run < b.run ? 1 : -1))
		);
	},
});

/** Whether there is a copy to go back to. */
export const hasKeptCopy = (see: See, database: string): boolean =>
	(ifKnown(() => see(keptCopies, database)) ?? []).length > 0;
