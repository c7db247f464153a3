import {createHash} from 'node:crypto';
import {say} from '../core/say.ts';
import type {SqlWay} from '../core/sql-way.ts';
import {optionsOf} from '../core/sql-way.ts';
import {step} from '../core/step.ts';
import type {WriteWorld} from '../core/write-world.ts';
import {serverOf} from '../world/server-place.ts';
import {closeLeftover} from '../world/sql-socket-line.ts';

type Input = SqlWay & {service: string};
type Before = {digest: string | null; kept: string | null};

async function close(world: WriteWorld, {service, ...way}: Input): Promise<void> {
	const server = await serverOf(world, service);
	const signal = new AbortController().signal;
	await closeLeftover({
		world,
		docker: world.write.docker,
		secret: world.secret,
		server,
		sql: '',
		options: optionsOf(way),
		signal,
	});
}

/**
 * Stands in front of steps that open the local socket for a moment. What it notes makes an undo close the socket, also when
 * the program was killed in the very moment it was open, before any later step had noted anything.
 */
export const guardHba = step<Input, Before>({
	id: 'guard-hba',
	risk: 'none',
	says: () =>
		say('Keep a byte copy of pg_hba.conf, to be sure that it comes back', '保留 pg_hba.conf 的字节副本，确保能够恢复'),
	like: ({service}) => `docker compose exec -u postgres ${service} sha256sum pg_hba.conf`,
	async before({service}, world) {
		const {container, data} = await serverOf(world, service);
		const found = await world.docker.readFile(container.id, `${data}/pg_hba.conf`);
		if (!found) return {digest: null, kept: null};
		const digest = createHash('sha256').update(found.content).digest('hex');
		return {digest, kept: await world.keep.put('pg_hba.conf', found.content)};
	},
	apply: (input, _before, world) => close(world, input),
	undo: (input, _before, world) => close(world, input),
});
