import {setTimeout as sleep} from 'node:timers/promises';
import {say, verbatim} from '../../core/say.ts';
import type {Report} from '../../core/step.ts';
import {Trouble} from '../../core/trouble.ts';
import type {WriteWorld} from '../../core/write-world.ts';
import {containerOf} from '../../world/server-place.ts';

const between = 300;

/** How often in a row the server must accept: the temporary server of a first start never listens on TCP, but a restart may come between. */
const enough = 2;

async function lastWords(world: WriteWorld, id: string): Promise<string> {
	const lines = await world.docker.logs(id, {tail: 4}).catch(() => []);
	return lines.map(({text}) => text).join('\n');
}

/**
 * Waits until the server accepts connections over TCP at its own address; its socket answers too early, during the first
 * initialisation already.
 * @param patience milliseconds; a first start with large init scripts takes minutes
 * @throws Trouble when its container ends meanwhile or time is up
 */
export async function awaitReady(world: WriteWorld, service: string, patience: number, report: Report): Promise<void> {
	const started = Date.now();
	let accepted = 0;
	while (accepted < enough) {
		world.signal.throwIfAborted();
		const container = await containerOf(world, service);
		const gone = container.status === 'exited' || container.status === 'dead';
		if (gone || Date.now() - started > patience)
			throw new Trouble(
				'database-not-ready',
				gone
					? say(
							`\`${service}\` ended again with exit code ${container.exitCode}.`,
							`\`${service}\` 又以退出码 ${container.exitCode} 结束。`,
						)
					: say(
							`\`${service}\` is not ready after ${Math.round(patience / 1000)} s.`,
							`\`${service}\` 在 ${Math.round(patience / 1000)} 秒后仍未就绪。`,
						),
				{why: verbatim(world.redact(await lastWords(world, container.id)))},
			);
		const answer =
			container.status === 'running'
				? await world
						.database(service)
						.ready(world.signal)
						.catch(() => 'no-answer')
				: 'no-answer';
		accepted = answer === 'accepting' ? accepted + 1 : 0;
		report(say(`Waiting for \`${service}\` to accept connections`, `等待 \`${service}\` 接受连接`));
		await sleep(between);
	}
}
