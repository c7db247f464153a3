import type Docker from 'dockerode';
import type {DiskUse} from '../core/world.ts';
import {streamFrom} from './docker-transport.ts';

/** The answer of `GET /system/df` (Docker Engine API 1.41), as far as it is read here. */
type Usage = {
	Images?:
		| {
				Id: string;
				RepoTags: string[] | null;
				Size: number;
				SharedSize: number;
				Containers: number;
				Created: number;
		  }[]
		| null;
	BuildCache?: {ID: string; Type: string; Description: string; InUse: boolean; Shared: boolean; Size: number}[] | null;
};

const nameless = '<none>:<none>';

/** What images and the build cache take; layers that others share are not counted. */
export async function readDiskUse(docker: Docker, signal?: AbortSignal): Promise<DiskUse> {
	const usage = (await docker.df({abortSignal: signal} as never)) as unknown as Usage;
	return {
		images: (usage.Images ?? []).map(({Id, RepoTags, Size, SharedSize, Containers, Created}) => ({
			id: Id,
			names: (RepoTags ?? []).filter(name => name !== nameless),
			bytes: Math.max(0, Size - Math.max(0, SharedSize)),
			containers: Containers,
			createdAt: new Date(Created * 1000).toISOString(),
		})),
		cache: (usage.BuildCache ?? []).map(({ID, Type, Description, InUse, Shared, Size}) => ({
			id: ID,
			says: `${Type}: ${Description}`,
			bytes: Size,
			inUse: InUse,
			shared: Shared,
		})),
	};
}

/**
 * Removes one record of the build cache, and proves by the answer that it was no other one. The library's own `pruneBuilder` drops
 * every filter on the way and would empty the whole cache, so the request is made here. The engine takes the value of `id` for
 * an expression (moby's builder-next, `toBuildkitPruneInfo`), hence the anchors.
 * @throws Error for anything that is no id, before anything is sent
 */
export async function removeCacheRecord(docker: Docker, id: string): Promise<void> {
	if (!/^[a-z0-9]{10,}$/i.test(id)) throw new Error(`${id} is no id of a cache record`);
	const filters = JSON.stringify({id: [`^${id}$`]});
	const answer = await streamFrom(docker, {
		path: '/build/prune?',
		method: 'POST',
		options: {_query: {all: true, filters}, _body: {}},
	});
	const chunks: Buffer[] = [];
	for await (const chunk of answer) chunks.push(Buffer.from(chunk));
	const {CachesDeleted: removed} = JSON.parse(Buffer.concat(chunks).toString('utf8')) as {
		CachesDeleted: string[] | null;
	};
	const others = (removed ?? []).filter(one => one !== id);
	if (others.length > 0) throw new Error(`the engine removed other records of the build cache: ${others.join(', ')}`);
}
