import {assume} from '../core/fingerprint.ts';
import {fix, type Plan, type PlanAnswer, type StepCall} from '../core/fix.ts';
import type {See} from '../core/probe.ts';
import {say, type Text} from '../core/say.ts';
import {size} from '../core/size.ts';
import {type ConnectionLimit, connectionLimit} from '../probes/connection-limit.ts';
import {healthOf} from '../probes/data-looks.ts';
import {isExternal, serviceNamed} from '../probes/looks.ts';
import {memoryUse} from '../probes/memory-use.ts';
import {serverHealth} from '../probes/server-health.ts';
import {recreate} from './parts/configure.ts';
import {notApplicable} from './parts/login-plan.ts';
import {changeArgument} from './parts/server-argument.ts';
import {assumptions, chooseWay} from './parts/sql-way.ts';
import {returnServices, saveEvidence} from './parts/step-calls.ts';

/** PostgreSQL's own default: fewer is nearly always an accident. */
const usual = 100;
/** Beyond this a pooler is the answer: every snapshot looks at every session. */
const most = 2000;
/** Memory of one working session beside the shared one, roughly and on the careful side: it grows with its cached plans and catalogs. */
const perSession = 6 * 1024 * 1024;
const fallbackBuffers = 128 * 1024 * 1024;
/** Part of the memory that sessions may fill; the page cache and maintenance need the rest. */
const share = 0.75;

/** Twice as many as today, at least PostgreSQL's default, in fifties. */
export const proposed = (value: number): number => Math.max(usual, Math.ceil((value * 2) / 50) * 50);

/** How many sessions fit into so much memory. */
const fitting = (memory: number, {sharedBuffers}: ConnectionLimit): number =>
	Math.floor((memory * share - (sharedBuffers ?? fallbackBuffers)) / perSession);

/** The container's limit where it has one, else the machine. Bytes. */
function memoryOf(see: See, database: string, limit: number): {bytes: number; says: Text} {
	if (limit > 0)
		return {
			bytes: limit,
			says: say(`the container may use ${size(limit)}`, `容器的内存上限为 ${size(limit)}`),
		};
	const {total} = see(memoryUse, database).machine;
	return {bytes: total, says: say(`the machine has ${size(total)}`, `主机内存为 ${size(total)}`)};
}

/** `restart` makes the server read the value, before an undo's end as well. */
type Change = {steps: StepCall[]; restart: StepCall[]; route: Text; assumes: Record<string, string>};

const isPlace = <Kind extends ConnectionLimit['place']['kind']>(
	place: ConnectionLimit['place'],
	kind: Kind,
): place is Extract<ConnectionLimit['place'], {kind: Kind}> => place.kind === kind;

/** What has to be changed where the value stands today, or why that is not ours to change. */
function changeFor(see: See, database: string, limit: ConnectionLimit, value: number): Change | {why: Text} {
	const {place} = limit;
	if (isPlace(place, 'command')) {
		const edits = changeArgument(see, database, 'max_connections', String(value));
		if ('why' in edits) return edits;
		return {
			steps: edits.steps,
			restart: recreate(see, [database]),
			assumes: assume(see, {services: [database], files: edits.files}),
			route: say(
				'Way: the value stands in the `command:` of the Compose file, which counts over everything else, so it is changed there and the container is made anew.',
				'路径：该值写在 Compose 文件的 `command:` 中，优先于其他任何设置，因此在那里修改并重建容器。',
			),
		};
	}
	if (isPlace(place, 'unknown'))
		return {
			why: say(
				'No session is left to ask the server where the value stands. Free one with `fix terminate-idle` first.',
				'没有剩余的会话可用来查询该值在哪里设置。请先用 `fix terminate-idle` 腾出一个。',
			),
		};
	if (isPlace(place, 'file') && place.mount !== null)
		return {
			steps: [
				{
					step: 'edit-settings-file',
					input: {
						...{file: place.mount, name: 'max_connections', value: String(value)},
						...{was: String(limit.value ?? '?'), line: place.line},
					},
				},
			],
			restart: [{step: 'restart-service', input: {services: [database]}}],
			assumes: assume(see, {services: [database]}),
			route: say(
				`Way: the value stands in \`${place.mount}\`${place.line ? `, line ${place.line}` : ''}, which is mounted into the container: it is changed there, with a byte copy kept.`,
				`路径：该值写在挂载进容器的 \`${place.mount}\`${place.line ? ` 第 ${place.line} 行` : ''}：在那里修改，并保留字节副本。`,
			),
		};
	const way = chooseWay(see, database, '', {});
	if (way.kind === 'none') return {why: way.why};
	return {
		steps: [
			{step: 'alter-system', input: {service: database, name: 'max_connections', value: String(value), ...way.way}},
		],
		restart: [{step: 'restart-service', input: {services: [database]}}],
		assumes: assumptions(way),
		route: say(
			`Way: \`ALTER SYSTEM\`, which writes \`postgresql.auto.conf\` beside the data, ${way.why.en}.`,
			`路径：\`ALTER SYSTEM\`，写入数据目录中的 \`postgresql.auto.conf\`，${way.why.zh}。`,
		),
	};
}

/** Another server that follows this one stops replaying when its own value is the smaller one (PostgreSQL manual, 26.4.3). */
const isFollowed = (see: See, database: string): boolean =>
	healthOf(see, database)?.slots.some(({kind, active}) => kind === 'physical' && active) === true;

function valueFor(limit: ConnectionLimit, wanted: string | undefined, fits: number): number | Text {
	const now = limit.value ?? 0;
	if (wanted !== undefined && wanted !== '') {
		if (!/^\d{1,6}$/.test(wanted) || Number(wanted) > most)
			return say(
				`\`value\` is a whole number up to ${most}; beyond that put a pooler such as pgbouncer in front.`,
				`\`value\` 是不超过 ${most} 的整数；更多时请在前面加 pgbouncer 之类的连接池。`,
			);
		if (Number(wanted) <= now)
			return say(`${wanted} is not more than today’s ${now}.`, `${wanted} 并不大于现在的 ${now}。`);
		return Number(wanted);
	}
	return Math.min(proposed(now), Math.max(fits, now + 1), most);
}

function planFor(see: See, database: string, affected: readonly string[], wanted: string | undefined): PlanAnswer {
	const service = isExternal(see) ? null : serviceNamed(see, database);
	if (!service) return notApplicable(say('The server runs in no container of ours.', '服务器不在我们的容器中运行。'));
	const limit = see(connectionLimit, database);
	if (isFollowed(see, database))
		return notApplicable(
			say(
				'A standby follows this server and stops replaying when its own `max_connections` is smaller: raise it on the standby first, then here by hand.',
				'有备库跟随此服务器，若备库的 `max_connections` 更小，回放就会停止：请先在备库上调高，再手动调高这里。',
			),
		);
	const memory = memoryOf(see, database, service.memoryLimit);
	const fits = fitting(memory.bytes, limit);
	const value = valueFor(limit, wanted, fits);
	if (typeof value !== 'number') return notApplicable(value);
	if (value > fits)
		return notApplicable(
			say(
				`${value} sessions may need ${size((limit.sharedBuffers ?? fallbackBuffers) + value * perSession)} (counted with ${size(perSession)} each), and ${memory.says.en}: about ${Math.max(fits, 0)} fit. Give it more memory first, or make the clients’ pools smaller.`,
				`${value} 个会话可能需要 ${size((limit.sharedBuffers ?? fallbackBuffers) + value * perSession)}（每个按 ${size(perSession)} 计），而${memory.says.zh}：大约只容得下 ${Math.max(fits, 0)} 个。请先增加内存，或调小客户端的连接池。`,
			),
		);
	const change = changeFor(see, database, limit, value);
	if ('why' in change) return notApplicable(change.why);
	const after = [...change.restart, {step: 'wait-until-ready', input: {service: database, minutes: 10}}];
	const clients = affected.filter(name => name !== database);
	return {
		kind: 'plan',
		fix: 'raise-max-connections',
		route: say(
			`${change.route.en} From ${limit.value ?? '?'} to ${value}: ${wanted ? 'as you asked' : 'twice as many, at least PostgreSQL’s default of 100'}; ${memory.says.en}, which is enough for about ${fits}.`,
			`${change.route.zh}从 ${limit.value ?? '?'} 改为 ${value}：${wanted ? '按你的要求' : '翻倍，且不少于 PostgreSQL 的默认值 100'}；${memory.says.zh}，约可容纳 ${fits} 个。`,
		),
		steps: [...saveEvidence([database, ...clients]), ...change.steps, ...after, ...returnServices(clients)],
		afterUndo: [...after, ...returnServices(clients)],
		loses: say(
			'Every session of the moment ends when the server restarts; unfinished transactions are rolled back. No stored data is changed.',
			'服务器重启时当前所有会话都会断开，未完成的事务会回滚。已存储的数据不变。',
		),
		restarts: [database, ...clients],
		takes: say('under a minute without the database', '数据库停止不到一分钟'),
		undo: say('The old value is put back, and the server restarts again.', '恢复旧值，服务器再次重启。'),
		confirm: null,
		assumes: change.assumes,
	};
}

/** The number that a plan writes, wherever it does. */
function wantedIn({steps}: Plan): number {
	for (const {step, input} of steps) {
		if (step === 'alter-system' || step === 'edit-settings-file') return Number(input['value']);
		if (step === 'edit-env-file') return Number((input['value'] as {text: string}).text);
		if (step === 'edit-compose-service')
			for (const {to} of input['edits'] as {to: string}[]) {
				const value = /max[_-]connections=(\d+)/.exec(to)?.[1];
				if (value) return Number(value);
			}
	}
	return Number.NaN;
}

export const raiseMaxConnections = fix({
	id: 'raise-max-connections',
	title: say('Admit more connections', '允许更多连接'),
	risk: 'restarts',
	about: say(
		'Raises `max_connections` where it is set today, after a look at the memory that more sessions need, and restarts the server.',
		'先看更多会话所需的内存，再在当前设置的位置调高 `max_connections`，并重启服务器。',
	),
	limits: say(
		'Who holds the connections is not cured: a client that never closes its sessions fills the new limit as well. See the holders in the evidence, and set a maximum in its pool.',
		'占用连接的原因并未消除：从不关闭会话的客户端同样会占满新的上限。请查看证据中的占用者，并为其连接池设置上限。',
	),
	offered: see => !isExternal(see),
	settings: [
		{key: 'value', says: say('How many sessions the server shall admit', '服务器允许的会话数'), secret: false},
	],
	plan: (see, finding, settings) => planFor(see, finding.subject ?? '', finding.affects, settings['value']),
	verify(finding, plan) {
		const database = finding.subject ?? '';
		const wanted = wantedIn(plan);
		return [
			{
				says: say(`The server admits ${wanted} sessions`, `服务器允许 ${wanted} 个会话`),
				passes: see => healthOf(see, database)?.maxConnections === wanted,
			},
			{
				says: say('Clients get a connection again', '客户端又能获得连接'),
				passes(see) {
					const reading = see(serverHealth, database);
					return (
						reading.kind === 'read' &&
						reading.health.connections < reading.health.maxConnections - reading.health.reservedConnections
					);
				},
			},
		];
	},
});
