import {mebibyte} from '../core/byte-size.ts';
import {type Raw, rawAt} from '../core/compose-service.ts';
import {fix, type PlanAnswer} from '../core/fix.ts';
import {ifKnown} from '../core/if-known.ts';
import type {See} from '../core/probe.ts';
import {say, type Text} from '../core/say.ts';
import {size} from '../core/size.ts';
import {isExternal, serviceNamed} from '../probes/looks.ts';
import {memorySettings} from '../probes/memory-settings.ts';
import {memoryUse} from '../probes/memory-use.ts';
import {composeFlags, type Edits, setCompose, setEnv} from './parts/configure.ts';
import {notApplicable} from './parts/login-plan.ts';
import {runs} from './parts/one-service.ts';
import {variablePlace} from './parts/places.ts';
import {lowerServer} from './parts/server-memory.ts';
import {filledIn, layersOf} from './parts/service-place.ts';
import {serviceMeant, servicePlan} from './parts/service-plan.ts';

/** The value of a variable of a service as the files give it now; null where they do not say. */
function variableNow(see: See, service: string, name: string): string | null {
	for (const {raw} of layersOf(see, service)) {
		const environment = rawAt(raw, ['environment']);
		const own = rawAt(environment, [name]);
		const listed = (Array.isArray(environment) ? environment : []).find(
			(item: Raw): item is string => typeof item === 'string' && item.startsWith(`${name}=`),
		);
		const text = typeof own === 'string' ? own : listed?.slice(name.length + 1);
		if (text !== undefined) return filledIn(see, text);
	}
	return null;
}

function setVariable(see: See, service: string, name: string, to: string): Edits | {why: Text} {
	const place = variablePlace(see, service, name);
	const value = {value: {text: to}};
	if (place.kind === 'env')
		return {steps: [setEnv(place.file, place.name, value)], files: [place.file], services: [service]};
	if (place.kind === 'compose')
		return {steps: [setCompose(place.file, service, name, value)], files: [place.file], services: [service]};
	return {
		why:
			place.kind === 'nowhere'
				? place.why
				: say(`\`${name}\` stands in no file of the project.`, `\`${name}\` 不在项目的任何文件中。`),
	};
}

const heapOption = /--max[-_]old[-_]space[-_]size=(\d+)/;
/** Part of its limit that a Node program may fill with objects; buffers, code and stacks need the rest. */
const heapPart = 0.75;

/** What a program of this kind lets people set, and the user has set already. */
function ofProgram(see: See, service: string, limit: number): (Edits & {route: Text}) | {why: Text} | null {
	const {variables = []} = serviceNamed(see, service) ?? {};
	if (variables.includes('PM2_INSTANCES')) {
		const now = variableNow(see, service, 'PM2_INSTANCES');
		if (now !== null && now !== '1') {
			const edits = setVariable(see, service, 'PM2_INSTANCES', '1');
			if ('why' in edits) return edits;
			const route = say(
				`One process of ${service} instead of ${now}: each takes its own memory. One serves some dozens of people.`,
				`${service} 只运行 1 个进程，而不是 ${now} 个：每个进程各占一份内存。一个进程足以服务几十人。`,
			);
			return {...edits, route};
		}
	}
	const options = variables.includes('NODE_OPTIONS') ? variableNow(see, service, 'NODE_OPTIONS') : null;
	const heap = Number(heapOption.exec(options ?? '')?.[1] ?? 0) * mebibyte;
	const fits = Math.floor((limit * heapPart) / mebibyte) * mebibyte;
	if (options === null || heap === 0 || fits < 32 * mebibyte || heap <= fits) return null;
	const to = options.replace(heapOption, option => option.replace(/\d+$/, String(fits / mebibyte)));
	const edits = setVariable(see, service, 'NODE_OPTIONS', to);
	if ('why' in edits) return edits;
	const route = say(
		`The heap of ${service} may grow to ${size(heap)} while the container has ${size(limit)}: it is set to ${size(fits)}, so that it cleans up before it is killed.`,
		`${service} 的堆最大可到 ${size(heap)}，而容器只有 ${size(limit)}：改为 ${size(fits)}，使它在被终止之前先回收内存。`,
	);
	return {...edits, route};
}

export const lowerMemoryUse = fix({
	id: 'lower-memory-use',
	title: say('Let the service take less memory', '降低该服务的内存用量'),
	risk: 'restarts',
	about: say(
		'Lowers what the program itself lets you set: processes of Dify’s web (`PM2_INSTANCES`), a heap size of Node that is set above the limit, or PostgreSQL’s `shared_buffers`, `work_mem` and `maintenance_work_mem` where they do not fit the memory there is.',
		'降低程序自身允许设置的用量：Dify 的 web 进程数（`PM2_INSTANCES`）、设得超过上限的 Node 堆大小，或与现有内存不相称的 PostgreSQL 设置 `shared_buffers`、`work_mem` 和 `maintenance_work_mem`。',
	),
	limits: say(
		'A session that sets its own `work_mem`, or a program that leaks, takes what it can get all the same.',
		'自行设置 `work_mem` 的会话，或存在内存泄漏的程序，仍然会有多少用多少。',
	),
	offered: see => !isExternal(see),
	settings: [],
	plan(see, finding): PlanAnswer {
		const name = serviceMeant(finding);
		const service = isExternal(see) ? null : serviceNamed(see, name);
		if (!service || service.status === 'missing')
			return notApplicable(say('There is no container to look at.', '没有可以查看的容器。'));
		const limit = service.memoryLimit > 0 ? service.memoryLimit : (see(memoryUse, name).machine.total * 3) / 4;
		if (composeFlags(see) === null)
			return notApplicable(
				say(
					'The Compose files can’t be read here, so there is no place to change it for good.',
					'此处无法读取 Compose 文件，因此没有可以长期生效的修改位置。',
				),
			);
		if (service.role !== 'database') {
			const change = ofProgram(see, name, limit);
			if (change === null)
				return notApplicable(
					say(
						`Nothing is known that would make ${name} take less: see its own documentation, or raise its limit.`,
						`没有已知的设置能让 ${name} 少用内存：请查阅其文档，或调高其上限。`,
					),
				);
			if ('why' in change) return notApplicable(change.why);
			return servicePlan(see, finding, {fix: 'lower-memory-use', edits: change, route: change.route});
		}
		if (service.status !== 'running')
			return notApplicable(
				say(
					`${name} does not run, so it can’t be asked what it is set to. Start it first.`,
					`${name} 未运行，无法查询其设置。请先启动它。`,
				),
			);
		const lowering = lowerServer(see, name, limit);
		if ('why' in lowering) return notApplicable(lowering.why);
		const {edits, sql, route} = lowering;
		const restart = {step: 'restart-service', input: {services: [name]}};
		return servicePlan(see, finding, {
			fix: 'lower-memory-use',
			edits,
			before: sql,
			route,
			...(edits.steps.length === 0
				? {
						made: [restart],
						afterUndo: [restart],
						loses: say(
							'Every session ends when the server restarts; unfinished transactions are rolled back. No stored data is changed.',
							'服务器重启时所有会话都会断开，未完成的事务会回滚。已存储的数据不变。',
						),
						undo: say('The old values are put back, and the server restarts again.', '恢复旧值，服务器再次重启。'),
					}
				: {}),
		});
	},
	verify(_finding, plan) {
		const wanted = plan.steps.flatMap(({step, input}) =>
			step === 'alter-system' ? [{name: String(input['name']), value: String(input['value'])}] : [],
		);
		return plan.restarts.map(name => ({
			says: say(
				`${name} runs with less, and nothing in it was killed since`,
				`${name} 以更低的用量运行，此后没有进程被终止`,
			),
			passes: see =>
				runs(see, name) &&
				(ifKnown(() => see(memoryUse, name))?.containerKills ?? 0) === 0 &&
				wanted.every(({name: setting, value}) => {
					const now = see(memorySettings, name).find(one => one.name === setting)?.value ?? 0;
					return now === Number.parseInt(value, 10) * (value.endsWith('MB') ? mebibyte : 1024);
				}),
		}));
	},
});
