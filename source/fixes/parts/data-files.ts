import {type DataPlace, placeOf} from '../../core/data-place.ts';
import type {ServiceState} from '../../core/deployment.ts';
import type {Finding} from '../../core/diagnosis.ts';
import {assume} from '../../core/fingerprint.ts';
import type {Check, Plan, PlanAnswer, StepCall} from '../../core/fix.ts';
import type {See} from '../../core/probe.ts';
import {list, say, type Text} from '../../core/say.ts';
import {isAiling} from '../../probes/ailing.ts';
import {type DataDirectory, dataDirectory} from '../../probes/data-directory.ts';
import {databaseReadiness} from '../../probes/database-readiness.ts';
import {isExternal, serviceNamed} from '../../probes/looks.ts';
import {handsOf, unique} from './hands.ts';
import {notApplicable, patients} from './login-plan.ts';
import {credentialsOf} from './sql-way.ts';
import {returnServices, saveEvidence} from './step-calls.ts';

/** A server whose files a fix may touch: they lie on a mount, and nobody else that runs has them. */
export type FilesPatient = {database: string; service: ServiceState; data: DataDirectory; place: DataPlace};

/** The server that a finding is about, or why its files can't be touched. */
export function filesPatient(see: See, finding: Finding): FilesPatient | Extract<PlanAnswer, {kind: 'not-applicable'}> {
	const database = handsOf(finding)[0]?.database ?? '';
	const service = isExternal(see) ? null : serviceNamed(see, database);
	if (!service || service.status === 'missing')
		return notApplicable(say('There is no container whose files could be looked after.', '没有可以处理其文件的容器。'));
	const data = see(dataDirectory, database);
	const place = placeOf(data);
	if (!place)
		return notApplicable(
			say(
				'The data lies in the container’s own layer, not on a mount: another container can’t reach it.',
				'数据位于容器自身的可写层，而不在挂载点上：其他容器无法访问。',
			),
		);
	if (data.sharedWith.length > 0)
		return notApplicable(
			say(
				`The same data is mounted by ${list(data.sharedWith).en}, which may run a server on it; stop that first.`,
				`同一份数据还被 ${list(data.sharedWith).zh} 挂载，其中可能运行着服务器；请先停止它。`,
			),
		);
	return {database, service, data, place};
}

/** Clients that are ill while their server does not start. One that somebody stopped in good health stays as it is. */
export const illClients = (see: See, finding: Finding, database: string): string[] =>
	patients(
		see,
		finding,
		unique(credentialsOf(see, database).map(({service}) => service)).filter(
			name => isAiling(see, name) && serviceNamed(see, name)?.status !== 'exited',
		),
	);

/**
 * A plan that changes files of a stopped server: looks first, stops it, so that it can't start in between, changes, starts it and
 * waits until it answers over TCP.
 */
export function filesPlan(
	see: See,
	finding: Finding,
	{database}: FilesPatient,
	input: {
		fix: string;
		looks: StepCall[];
		changes: StepCall[];
		route: Text | null;
		loses: Text;
		takes: Text;
		undo: Text;
	},
): Plan {
	const {looks, changes, ...words} = input;
	const clients = illClients(see, finding, database);
	return {
		kind: 'plan',
		...words,
		steps: [
			...saveEvidence([database, ...clients]),
			...looks,
			{step: 'stop-database', input: {service: database, clients: []}},
			...changes,
			{step: 'start-database', input: {service: database}},
			...returnServices(clients),
		],
		afterUndo: [],
		restarts: [database, ...clients],
		confirm: null,
		assumes: assume(see, {services: [database]}),
	};
}

/** The server is up: proved over TCP, because its socket answers too early. */
export const answersAgain = (finding: Finding): Check[] =>
	unique(handsOf(finding).map(({database}) => database)).map(database => ({
		says: say(`${database} accepts connections over TCP`, `${database} 接受 TCP 连接`),
		passes: see => see(databaseReadiness, database).state === 'accepting',
	}));
