import {setTimeout as sleep} from 'node:timers/promises';
import {say, type Text} from '../core/say.ts';
import {step} from '../core/step.ts';
import {Trouble} from '../core/trouble.ts';
import type {WriteWorld} from '../core/write-world.ts';
import {databaseReadiness, type Readiness} from '../probes/database-readiness.ts';
import {serviceLog} from '../probes/service-log.ts';

type Input = {service: string; minutes: number};

const between = 1000;
/** Once may be the moment before a restart: a first start ends with one. */
const enough = 2;

const phases: Record<string, Text> = {
	initdb: say('initialising the data directory', '正在初始化数据目录'),
	'init-scripts': say('running the init scripts', '正在执行初始化脚本'),
	recovery: say('replaying the write-ahead log', '正在重放预写日志'),
	starting: say('starting', '正在启动'),
	stopping: say('stopping', '正在停止'),
	'socket-only': say('listening on its socket only', '仅监听本地套接字'),
	unknown: say('not answering', '没有回答'),
};

/** The server's own words about how far it is: which script, or how far the replay has come (PostgreSQL 15 and later, every 10 s). */
async function lastWords(world: WriteWorld, service: string): Promise<string | null> {
	if (world.target.kind === 'database') return null;
	const {events} = await serviceLog.observe(world, service, world.signal).catch(() => ({events: []}));
	const telling = events.findLast(({text}) =>
		/redo in progress|redo starts at|running \/docker-entrypoint-initdb\.d|sourcing |running bootstrap|recovery/.test(
			text,
		),
	);
	return telling?.text ?? events.at(-1)?.text ?? null;
}

async function progress(world: WriteWorld, service: string, readiness: Readiness): Promise<Text> {
	const phase = phases['phase' in readiness ? readiness.phase : 'unknown'] ?? say('', '');
	const words = await lastWords(world, service);
	const name = service || say('the database', '数据库').en;
	return words === null
		? say(`${name}: ${phase.en}`, `${service || '数据库'}：${phase.zh}`)
		: say(`${name}: ${phase.en}. Its log: ${words}`, `${service || '数据库'}：${phase.zh}。日志：${words}`);
}

export const waitUntilReady = step<Input, Record<string, never>>({
	id: 'wait-until-ready',
	risk: 'none',
	says: ({service, minutes}) =>
		say(
			`Wait until ${service || 'the database'} accepts connections over TCP (at most ${minutes} minutes)`,
			`等待 ${service || '数据库'} 接受 TCP 连接（最多 ${minutes} 分钟）`,
		),
	like: ({service}) => `until docker compose exec ${service} pg_isready -h <container address>; do sleep 1; done`,
	before: async () => ({}),
	async apply({service, minutes}, _before, world, report) {
		const end = Date.now() + minutes * 60_000;
		for (let accepted = 0; accepted < enough; ) {
			world.signal.throwIfAborted();
			const readiness = await databaseReadiness.observe(world, service, world.signal);
			accepted = readiness.state === 'accepting' ? accepted + 1 : 0;
			if (readiness.state === 'down')
				throw new Trouble(
					'database-down',
					say(`\`${service}\` does not run any more.`, `\`${service}\` 已不再运行。`),
					{
						next: say('Run the diagnosis again: its log says why.', '请重新诊断：日志会说明原因。'),
					},
				);
			if (accepted === 0) report(await progress(world, service, readiness));
			if (accepted === 0 && Date.now() > end)
				throw new Trouble(
					'not-ready',
					say(
						`\`${service || 'database'}\` is not ready after ${minutes} minutes.`,
						`\`${service || '数据库'}\` 在 ${minutes} 分钟后仍未就绪。`,
					),
					{
						next: say(
							'It goes on by itself; wait longer with `--set minutes=120`.',
							'它会继续进行；可用 `--set minutes=120` 延长等待。',
						),
					},
				);
			await sleep(between, undefined, {signal: world.signal});
		}
	},
	undo: say('Waiting changes nothing.', '等待不会改变任何东西。'),
});
