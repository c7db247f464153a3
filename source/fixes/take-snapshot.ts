import {copyVolume, type DataPlace, placeOf} from '../core/data-place.ts';
import type {Finding} from '../core/diagnosis.ts';
import {type Check, fix, type Plan, type PlanAnswer, type StepCall} from '../core/fix.ts';
import type {See} from '../core/probe.ts';
import {list, say} from '../core/say.ts';
import {dataDirectory} from '../probes/data-directory.ts';
import {databaseReadiness} from '../probes/database-readiness.ts';
import {isExternal, serviceNamed} from '../probes/looks.ts';
import {notApplicable} from './parts/login-plan.ts';
import {credentialsOf} from './parts/sql-way.ts';
import {returnServices, saveEvidence} from './parts/step-calls.ts';

/** What a snapshot is taken for: nothing that was found, but a service whose data shall be kept. */
export const snapshotWanted = (database: string): Finding => ({
	id: 'snapshot',
	chapter: 'snapshot',
	subject: database,
	severity: 'warning',
	certainty: 'certain',
	title: say(`A copy of the data of \`${database}\` is wanted`, `需要一份 \`${database}\` 的数据副本`),
	about: say('Asked for on the command line.', '由命令行请求。'),
	beware: null,
	because: [],
	affects: [],
	fixes: [],
	noFix: null,
	hands: [],
});

const up = (see: See, name: string): boolean =>
	['running', 'restarting', 'paused'].includes(serviceNamed(see, name)?.status ?? '');

/** Whoever writes to the database, or waits for it: they are stopped before it and started after it. */
const clientsOf = (see: See, database: string): string[] =>
	[...new Set(credentialsOf(see, database).map(({service}) => service))].filter(
		name => name !== '' && name !== database && up(see, name),
	);

/** A server that accepts connections is stopped and started with care; any other only as far as it goes. */
const isWell = (see: See, database: string): boolean =>
	up(see, database) && see(databaseReadiness, database).state === 'accepting';

const stepsFor = (see: See, database: string, place: DataPlace): StepCall[] => {
	const clients = clientsOf(see, database);
	const input = {service: database, place};
	const ailing = !isWell(see, database);
	const copies: StepCall[] = [
		{step: 'copy-data', input: {...input, onlyCopies: true}},
		{step: 'prove-snapshot', input: {...input, asFarAsItGets: true}},
	];
	const measure: StepCall = {step: 'measure-data', input};
	if (!up(see, database)) return [...saveEvidence([database]), measure, ...copies];
	return [
		...saveEvidence([database, ...clients]),
		measure,
		{step: 'stop-database', input: {...input, clients, ...(ailing ? {ailing} : {})}},
		...copies,
		ailing
			? {step: 'start-service', input: {services: [database, ...clients]}}
			: {step: 'start-database', input: {service: database}},
		...(ailing ? [] : returnServices(clients)),
	];
};

function plan(see: See, finding: Finding): PlanAnswer {
	const database = finding.subject ?? '';
	if (isExternal(see))
		return notApplicable(
			say(
				'The files of an external server are out of reach. `pg_dumpall` makes a copy of what is in it.',
				'无法访问外部服务器的文件。可用 `pg_dumpall` 导出其内容。',
			),
		);
	const service = serviceNamed(see, database);
	if (!service || service.status === 'missing')
		return notApplicable(say(`\`${database}\` has no container.`, `\`${database}\` 没有容器。`));
	const data = see(dataDirectory, database);
	const found = placeOf(data);
	if (!found)
		return notApplicable(
			say(
				`The data lies in the container’s own layer, not on a mount. \`docker commit ${service.name}\` keeps that layer.`,
				`数据位于容器自身的可写层，而不在挂载点上。\`docker commit ${service.name}\` 可保留该层。`,
			),
		);
	if (data.majorVersion === null)
		return notApplicable(say('There is no initialised data directory to copy.', '没有可以复制的已初始化数据目录。'));
	if (data.sharedWith.length > 0)
		return notApplicable(
			say(
				`The same data is mounted by ${list(data.sharedWith).en}; stop those first.`,
				`同一份数据还被 ${list(data.sharedWith).zh} 挂载；请先停止它们。`,
			),
		);
	const steps = stepsFor(see, database, {...found, method: 'copy'});
	const restarts = up(see, database) ? [database, ...clientsOf(see, database)] : [];
	return {
		kind: 'plan',
		fix: 'take-snapshot',
		route: say(
			`Way: every file is copied to the volume \`${copyVolume(found.source, '<id>')}\` and compared, and then a throwaway server has to start on a copy of the copy${isWell(see, database) ? ' and count the same rows' : ''}.`,
			`路径：把每个文件复制到卷 \`${copyVolume(found.source, '<id>')}\` 并比对，然后在副本的副本上启动一次性服务器${isWell(see, database) ? '并核对行数' : ''}。`,
		),
		steps,
		afterUndo: [],
		loses: say('Nothing.', '不丢失任何东西。'),
		restarts,
		takes: say(
			`as long as copying the data twice takes${restarts.length > 0 ? ', all of it with the database stopped' : ''}`,
			`约为复制两遍数据所需的时间${restarts.length > 0 ? '，期间数据库停止' : ''}`,
		),
		undo: say(
			'Broken off, `compose-medic undo` removes the unfinished copy and starts everything again. A finished one stays until `compose-medic forget`.',
			'若中断，`compose-medic undo` 会删除未完成的副本并重新启动一切。完成的副本会保留，直到执行 `compose-medic forget`。',
		),
		confirm: null,
		assumes: {[`container:${database}`]: service.id},
	};
}

const runs = (service: string): Check => ({
	says: say(`${service} runs`, `${service} 正在运行`),
	passes: see => up(see, service),
});

/** What only the plan knows: whether the database worked before. */
const wasWell = ({steps}: Plan): boolean => steps.some(({step}) => step === 'start-database');

export const takeSnapshot = fix({
	id: 'take-snapshot',
	title: say('Make a proven copy of the database', '为数据库制作一份经过验证的副本'),
	risk: 'restarts',
	about: say(
		'Copies the data directory to a volume of its own, compares every file, and tries the copy with a throwaway server. The database is stopped meanwhile, and started again.',
		'把数据目录复制到单独的卷，逐个文件比对，并用一次性服务器试运行副本。期间数据库停止，之后重新启动。',
	),
	limits: say(
		'The copy lies on the same machine: it does not protect against the loss of its disk.',
		'副本位于同一台机器：不能防范磁盘损坏。',
	),
	offered: () => false,
	settings: [],
	plan,
	verify(finding, made) {
		const database = finding.subject ?? '';
		return [
			...(wasWell(made)
				? [
						{
							says: say('The server accepts connections over TCP again', '服务器重新接受 TCP 连接'),
							passes: (see: See) => see(databaseReadiness, database).state === 'accepting',
						},
					]
				: []),
			...made.restarts.filter(name => name !== database).map(runs),
		];
	},
	done: say('The copy is made.', '副本已制作完成。'),
});
