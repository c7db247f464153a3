import {imagesOfMajor} from '../core/major-image.ts';
import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';
import {dataDirectory} from './data-directory.ts';
import {presentContainer} from './present-container.ts';

/** An image that can open data of another major version than the service's own image has. */
export type ImageOfData = {
	/** Names under which it is looked for, best first; none where the data or the image could not be told. */
	candidates: string[];
	/** The first of them that the engine has. */
	present: string | null;
};

export const imageOfData = probe<ImageOfData>({
	id: 'image-of-data',
	title: service => say(`Looking for the image that made the data of ${service}`, `查找创建 ${service} 数据所用的镜像`),
	like: service => `docker image inspect <image of ${service}, with the version of its data>`,
	async observe(world, service, signal) {
		const container = await presentContainer(world, service);
		const data = await dataDirectory.observe(world, service, signal);
		const major = data.majorVersion ?? data.databasesNearby[0]?.majorVersion ?? null;
		if (!container || major === null || data.imageMajor === null) return {candidates: [], present: null};
		const candidates = imagesOfMajor(container.image, data.imageMajor, major);
		for (const name of candidates) if (await world.docker.image(name)) return {candidates, present: name};
		return {candidates, present: null};
	},
});
