import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';

/** An image by its name as this machine has it. */
export type LocalImage = {
	present: boolean;
	/** Major version of PostgreSQL in it, from `PG_MAJOR`; null where it says none. */
	postgresMajor: string | null;
};

export const localImage = probe<LocalImage>({
	id: 'local-image',
	title: image => say(`Looking for the image \`${image}\``, `查找镜像 \`${image}\``),
	like: image => `docker image inspect ${image}`,
	deadline: 5000,
	async observe({docker}, image) {
		const found = await docker.image(image);
		return {present: found !== null, postgresMajor: found?.postgresMajor ?? null};
	},
});
