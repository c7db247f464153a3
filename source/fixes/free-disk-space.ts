import {amount} from '../core/amount.ts';
import type {Finding} from '../core/diagnosis.ts';
import {assume} from '../core/fingerprint.ts';
import {type Check, fix, type PlanAnswer, type Setting, type StepCall} from '../core/fix.ts';
import {ifKnown} from '../core/if-known.ts';
import type {See} from '../core/probe.ts';
import {say, type Text} from '../core/say.ts';
import {databaseReadiness} from '../probes/database-readiness.ts';
import {type DatabaseRoom, databaseRoom} from '../probes/database-room.ts';
import {deploymentState} from '../probes/deployment-state.ts';
import {type FileSpace, fileSpace} from '../probes/file-space.ts';
import {fullFileSystem, roomNeeded} from '../probes/full.ts';
import {type LogTable, logTables, logTablesOf} from '../probes/log-tables.ts';
import {isExternal, serviceNamed} from '../probes/looks.ts';
import {type RoomTakers, roomTakers} from '../probes/room-takers.ts';
import {notApplicable} from './parts/login-plan.ts';
import {runs} from './parts/one-service.ts';
import {databaseTakers, engineTakers, sentences, type Trim, trimOf} from './parts/room.ts';
import {chooseWay, credentialsOf} from './parts/sql-way.ts';
import {returnServices, saveEvidence} from './parts/step-calls.ts';

const settings: Setting[] = [
	{
		key: 'older-than',
		says: say(
			'Take run logs out of the database that are older than so many days, such as `90d`',
			'从数据库中移出早于多少天的运行日志，例如 `90d`',
		),
		secret: false,
	},
	{
		key: 'empty-logs',
		says: say(
			'Also empty the container logs that still grow, of these services, parted by commas',
			'同时清空这些服务仍在增长的容器日志，用逗号分隔',
		),
		secret: false,
	},
];

const day = 24 * 60 * 60_000;

/** The first moment that stays, as a day in UTC: a plan that is applied an hour later must still be the same. */
function dayBefore(see: See, days: number): string {
	const now = Date.parse(see(deploymentState).observedAt);
	return new Date(now - days * day).toISOString().slice(0, 10);
}

/** Whether a file system is the engine's own disk, also where a folder of the host lies on it. */
function isEngineDisk(see: See, service: string, where: FileSpace): boolean {
	if (where.place === 'engine') return true;
	const root = see(fileSpace, service).find(({path}) => path === '/');
	return where.place === 'bind' && root?.bytes === where.bytes && root.files === where.files;
}

type Gain = {steps: StepCall[]; bytes: number; touched: string[]};

const nothing: Gain = {steps: [], bytes: 0, touched: []};
const total = (items: readonly {bytes: number}[]): number => items.reduce((sum, {bytes}) => sum + bytes, 0);
/** Each record is a call of its own; the largest come first. */
const mostRecords = 200;

/** What can go from the engine's disk without anybody missing it, and the logs that their owner gave free. */
function fromEngine({dangling, cache, logs}: RoomTakers, emptied: readonly string[]): Gain {
	const records = cache.slice(0, mostRecords);
	const ours = logs.flatMap(({service, folder, live, rotated}) => {
		const chosen = emptied.includes(service) ? live : null;
		const bytes = total(rotated) + (chosen?.bytes ?? 0);
		const names = rotated.map(({name}) => name);
		return bytes > 0 ? [{bytes, input: {service, folder, rotated: names, live: chosen?.name ?? null}}] : [];
	});
	return {
		steps: [
			...(dangling.length > 0 ? [{step: 'remove-images', input: {ids: dangling.map(({id}) => id)}}] : []),
			...(records.length > 0 ? [{step: 'remove-build-cache', input: {ids: records.map(({id}) => id)}}] : []),
			...ours.map(({input}) => ({step: 'remove-old-logs', input})),
		],
		bytes: total(dangling) + total(records) + total(ours),
		touched: ours.map(({input}) => input.service),
	};
}

/**
 * The known log tables of every database of a server. Counting takes long in large ones: it has to succeed only where they were
 * asked for.
 */
function trims(see: See, service: string, room: DatabaseRoom, before: string, free: number, asked: boolean): Trim[] {
	return room.databases
		.filter(({encoding}) => encoding === 'UTF8')
		.flatMap(({name}) => {
			const count = (): LogTable[] => see(logTables, logTablesOf(service, name, before));
			const tables = asked ? count() : (ifKnown(count) ?? []);
			return tables.map(table => trimOf(name, table, free, room.wal));
		});
}

function fromTables(see: See, service: string, found: readonly Trim[], olderThan: string): Gain {
	const way = chooseWay(see, service, '', {});
	if (way.kind === 'none' || way.way.route !== 'socket') return nothing;
	const fitting = found.filter(({fits}) => fits);
	return {
		steps: fitting.map(({database, table: {schema, name, columns}}) => ({
			step: 'put-rows-aside',
			input: {...way.way, service, database, schema, table: name, columns, olderThan},
		})),
		bytes: fitting.reduce((sum, {gain}) => sum + gain, 0),
		touched: [],
	};
}

/** What is needed to see that it works again: the server itself writes, or it is started first. */
function afterwards(see: See, service: string): StepCall[] {
	const found = serviceNamed(see, service);
	const isDatabase = found?.role === 'database';
	const down = found?.status !== 'running' || (isDatabase && see(databaseReadiness, service).state !== 'accepting');
	const clients = isDatabase
		? [...new Set(credentialsOf(see, service).map(one => one.service))].filter(name => name !== '' && name !== service)
		: [];
	if (down)
		return [
			isDatabase ? {step: 'start-database', input: {service}} : {step: 'start-service', input: {services: [service]}},
			...returnServices(isDatabase ? clients : [service]),
		];
	const way = isDatabase ? chooseWay(see, service, '', {}) : null;
	return way?.kind === 'way' && way.way.route === 'socket'
		? [{step: 'prove-writes', input: {...way.way, service}}]
		: [];
}

function plan(see: See, finding: Finding, given: Readonly<Record<string, string>>): PlanAnswer {
	const service = finding.subject ?? '';
	const full = isExternal(see) ? null : fullFileSystem(see, service);
	const where = full?.where ?? null;
	if (!full || !where || full.what !== 'room')
		return notApplicable(say('Nobody could look at the full file system from here.', '此处无法查看已满的文件系统。'));
	const days = /^([1-9]\d{0,4})d$/.exec(given['older-than'] ?? '')?.[1];
	if (given['older-than'] !== undefined && days === undefined)
		return notApplicable(say('`older-than` is a number of days such as `90d`.', '`older-than` 是天数，例如 `90d`。'));
	const emptied = (given['empty-logs'] ?? '').split(',').map(name => name.trim());
	const needed = roomNeeded(where) - where.free;
	const onEngine = isEngineDisk(see, service, where);
	const lying = onEngine ? ifKnown(() => see(roomTakers)) : null;
	const engine = lying ? fromEngine(lying, emptied) : nothing;
	const server = serviceNamed(see, service);
	const serves =
		where.data &&
		server?.role === 'database' &&
		server.status === 'running' &&
		see(databaseReadiness, service).state === 'accepting';
	const room = serves ? ifKnown(() => see(databaseRoom, service)) : null;
	const before = dayBefore(see, Number(days ?? 90));
	const found = room ? trims(see, service, room, before, where.free, days !== undefined) : [];
	const tables = days === undefined ? nothing : fromTables(see, service, found, before);
	const takers = [...(lying ? [engineTakers(lying)] : []), ...(room ? [databaseTakers(see, service, room)] : [])];
	const listed = sentences(takers.map(text => say(`What takes room: ${text.en}.`, `占用空间的有：${text.zh}。`)));
	const bytes = engine.bytes + tables.bytes;
	if (bytes < needed) {
		const short = say(
			`${amount(Math.ceil(needed))} more must be free; what can go without loss is ${amount(Math.floor(bytes))}.`,
			`还需空出 ${amount(Math.ceil(needed))}；可以安全释放的只有 ${amount(Math.floor(bytes))}。`,
		);
		const could = found.filter(({fits}) => fits).reduce((sum, {gain}) => sum + gain, 0);
		if (days === undefined && bytes + could >= needed)
			return {
				kind: 'asks',
				settings: settings.filter(({key}) => key === 'older-than'),
				why: sentences([short, listed]),
			};
		const stopped = where.data && !serves;
		return notApplicable(
			sentences([
				short,
				listed,
				stopped
					? say(
							'The server does not run, so nothing inside the data can go: free room beside it, or make the disk bigger.',
							'服务器未运行，因此无法清理数据内部：请在数据之外腾出空间，或扩大磁盘。',
						)
					: say('Make the disk bigger, or move other files off it.', '请扩大磁盘，或把其他文件移走。'),
			]),
		);
	}
	const after = afterwards(see, service);
	const restarts = after.some(({step}) => step.startsWith('start-')) ? [service] : [];
	return {
		kind: 'plan',
		fix: 'free-disk-space',
		route: sentences([
			listed,
			say(
				`About ${amount(Math.floor(bytes))} of it are freed; ${amount(Math.ceil(needed))} are needed.`,
				`其中约 ${amount(Math.floor(bytes))} 将被释放；需要 ${amount(Math.ceil(needed))}。`,
			),
			...found
				.filter(({fits}) => days !== undefined && fits)
				.map(({table: {name, old, rows}}) =>
					say(
						`${old} of ${rows} rows of \`${name}\` are from before \`${before}\`.`,
						`\`${name}\` 共 ${rows} 行，其中 ${old} 行早于 \`${before}\`。`,
					),
				),
		]),
		steps: [...saveEvidence([service, ...engine.touched]), ...engine.steps, ...tables.steps, ...after],
		afterUndo: [],
		loses: losses(engine.steps.length > 0, tables.steps.length > 0),
		restarts,
		takes: say('seconds to minutes', '几秒到几分钟'),
		undo: ways(engine.steps.length > 0, tables.steps.length > 0),
		confirm: null,
		assumes: assume(see, {services: [service], ...(room ? {database: service} : {})}),
	};
}

const losses = (engine: boolean, tables: boolean): Text =>
	sentences([
		...(engine
			? [
					say(
						'Images without a name, build cache and rotated logs are gone for good; no container and no data needs them.',
						'没有名称的镜像、构建缓存和已轮转的日志会永久删除；没有容器或数据需要它们。',
					),
				]
			: []),
		...(tables
			? [
					say(
						'Run logs from before that day no longer show in the application; their rows are kept in a private file.',
						'该日期之前的运行日志不再显示在应用中；这些行保存在私有文件里。',
					),
				]
			: []),
	]);

const ways = (engine: boolean, tables: boolean): Text =>
	sentences([
		...(engine
			? [say('What goes from the engine’s disk can’t be brought back.', '从引擎磁盘删除的内容无法恢复。')]
			: []),
		...(tables ? [say('The rows are loaded back from the file.', '从文件把行载回表中。')] : []),
	]);

export const freeDiskSpace = fix({
	id: 'free-disk-space',
	title: say('Free room on the full disk', '在已满的磁盘上腾出空间'),
	risk: 'changes-data',
	about: say(
		'Tells what takes the room. Frees only what nobody needs: images without a name that no container uses, unused build cache, rotated container logs. With `--set older-than=90d` also run logs of Dify in the database, which are saved to a private file first; with `--set empty-logs=SERVICE` also a log that still grows.',
		'说明空间被什么占用。只释放没人需要的内容：没有名称且没有容器使用的镜像、未使用的构建缓存、已轮转的容器日志。加上 `--set older-than=90d` 还会移出数据库中 Dify 的运行日志，并先保存到私有文件；加上 `--set empty-logs=SERVICE` 还会清空仍在增长的日志。',
	),
	limits: say(
		'It fills up again unless what fills it is limited: `max-size` for container logs, a place elsewhere for backups. `pg_wal`, volumes, images in use and conversations are never touched.',
		'若不限制占用者，磁盘还会再满：为容器日志设置 `max-size`，把备份放到别处。`pg_wal`、卷、在用的镜像和对话内容绝不会被改动。',
	),
	offered: see => !isExternal(see),
	settings,
	plan,
	verify(finding, made) {
		const service = finding.subject ?? '';
		const path = finding.hands[0]?.['path'];
		const room: Check = {
			says: say(`The file system \`${path}\` has room again`, `文件系统 \`${path}\` 重新有了空间`),
			passes: see => {
				const space = see(fileSpace, service).find(one => one.path === path);
				return space !== undefined && space.free >= roomNeeded(space);
			},
		};
		const isDatabase = made.steps.some(({step}) => step === 'prove-writes' || step === 'start-database');
		return [
			room,
			isDatabase
				? {
						says: say('The server accepts connections over TCP', '服务器接受 TCP 连接'),
						passes: see => see(databaseReadiness, service).state === 'accepting',
					}
				: {says: say(`${service} runs`, `${service} 正在运行`), passes: see => runs(see, service)},
		];
	},
});
