import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';
import {Trouble} from '../core/trouble.ts';
import {dataPathOf} from './data-directory.ts';
import {presentContainer} from './present-container.ts';

/** The file system under the write-ahead log, in bytes. */
export type WalRoom = {size: number; free: number};

/** Asked when something keeps write-ahead log. \`-P\` keeps a long device name on one line, \`-k\` counts in KiB everywhere. */
export const walRoom = probe<WalRoom>({
	id: 'wal-room',
	title: service =>
		say(`Measuring the disk under the write-ahead log of ${service}`, `测量 ${service} 预写日志所在磁盘的空间`),
	like: service => `docker compose exec ${service} df -Pk "$PGDATA/pg_wal"`,
	async observe(world, service, signal) {
		const container = world.target.kind === 'compose' ? await presentContainer(world, service) : null;
		if (container?.status !== 'running')
			throw new Trouble('not-running', say('There is no container to measure in.', '没有可供测量的容器。'));
		const path = `${await dataPathOf(world, container)}/pg_wal`;
		const {stdout} = await world.docker.exec(container.id, ['df', '-Pk', path], {signal});
		const [, size, , free] = stdout.trim().split('\n').at(-1)?.split(/\s+/) ?? [];
		if (!size || !free) throw new Trouble('not-measured', say('`df` gave no answer.', '`df` 没有给出结果。'));
		return {size: Number(size) * 1024, free: Number(free) * 1024};
	},
});
