import type {StepCall} from '../../core/fix.ts';
import {fittingMemory, inPostgres} from '../../core/postgres-memory.ts';
import type {See} from '../../core/probe.ts';
import {list, say, type Text} from '../../core/say.ts';
import {size} from '../../core/size.ts';
import {memorySettings} from '../../probes/memory-settings.ts';
import {changeCommandSetting} from './command-place.ts';
import type {Edits, NoPlace} from './configure.ts';
import {allOf} from './service-place.ts';
import {chooseWay} from './sql-way.ts';
import {around} from './step-calls.ts';

export type Lowering = {
	edits: Edits;
	/** `ALTER SYSTEM`, for what stands in no file of the project. */
	sql: StepCall[];
	route: Text;
};

/** Less than this is no difference that anybody would notice. */
const worthwhile = 0.9;

/**
 * What a server is set to take, lowered to what its container has, each where it is set today.
 * @param limit memory that it has, bytes
 */
export function lowerServer(see: See, service: string, limit: number): Lowering | NoPlace {
	const settings = see(memorySettings, service);
	const of = (name: (typeof settings)[number]['name']): number => settings.find(one => one.name === name)?.value ?? 0;
	const fits = fittingMemory(
		{
			sharedBuffers: of('shared_buffers'),
			workMem: of('work_mem'),
			maintenanceWorkMem: of('maintenance_work_mem'),
			maxConnections: of('max_connections'),
		},
		limit,
	);
	const wanted = [
		['shared_buffers', fits.sharedBuffers],
		['maintenance_work_mem', fits.maintenanceWorkMem],
		['work_mem', fits.workMem],
	] as const;
	const lowered = wanted.filter(([name, bytes]) => bytes < of(name) * worthwhile);
	if (lowered.length === 0)
		return {
			why: say(
				`The server takes little as it is set (\`shared_buffers\` ${size(of('shared_buffers'))}, \`work_mem\` ${size(of('work_mem'))} for each sort of up to ${of('max_connections')} sessions): something asks for more by itself, such as a query with its own \`work_mem\`. Raise the limit, or find it.`,
				`按现有设置服务器占用很少（\`shared_buffers\` ${size(of('shared_buffers'))}，\`work_mem\` ${size(of('work_mem'))}，最多 ${of('max_connections')} 个会话的每次排序）：是别的东西自行要求了更多，例如自带 \`work_mem\` 的查询。请调高上限，或找出它。`,
			),
		};
	const files: Edits[] = [];
	const sql: StepCall[] = [];
	for (const [name, bytes] of lowered) {
		const value = inPostgres(bytes);
		const onCommand = settings.find(one => one.name === name)?.source === 'command line';
		const edit = onCommand ? changeCommandSetting(see, service, name, value) : null;
		if (edit && 'why' in edit) return edit;
		if (edit) files.push(edit);
		else if (onCommand)
			return {
				why: say(
					`\`${name}\` stands on the command line of ${service}, which counts over everything else, and not in the Compose files as they are now. Change it where it comes from.`,
					`\`${name}\` 写在 ${service} 的启动命令中，优先于其他任何设置，但现在的 Compose 文件里没有它。请在其来源处修改。`,
				),
			};
		else {
			const way = chooseWay(see, service, '', {});
			if (way.kind === 'none') return {why: way.why};
			if (sql.length === 0) sql.push(...around(way).before);
			sql.push({step: 'alter-system', input: {service, name, value, ...way.way}});
		}
	}
	const edits = files.length > 0 ? allOf(see, files) : {steps: [], files: [], services: [service]};
	if ('why' in edits) return edits;
	const told = lowered.map(([name, bytes]) => `\`${name}\` ${size(of(name))} → ${size(bytes)}`);
	return {
		edits,
		sql,
		route: say(
			`${list(told).en}. Counted for ${size(limit)}: a quarter for \`shared_buffers\`, a tenth for a maintenance job, and of the rest two sorts each for a quarter of the ${of('max_connections')} sessions. Big sorts go to disk instead: slower, but they end.`,
			`${list(told).zh}。按 ${size(limit)} 计算：\`shared_buffers\` 占四分之一，维护任务占十分之一，其余供 ${of('max_connections')} 个会话中的四分之一各做两次排序。大的排序会改用磁盘：更慢，但能完成。`,
		),
	};
}
