import type {Deployment, ServiceState} from './deployment.ts';
import type {Finding, Symptom} from './diagnosis.ts';
import {say, type Text} from './say.ts';

/** Milliseconds. A crash loop is caught between two crashes when the container has run for less than this. Docker's back-off starts at 100 ms. */
export const settling = 8000;

const killed = 137;

function stateOf(service: ServiceState, now: number): Symptom['kind'] | null {
	switch (service.status) {
		case 'restarting':
			return service.exitCode === killed ? 'killed' : 'restarting';
		case 'created':
			return 'not-started';
		case 'paused':
			return 'paused';
		case 'missing':
			return 'missing';
		case 'dead':
		case 'removing':
		case 'exited':
			// A job that ends well and is not meant to come back is no symptom.
			if (service.error) return 'not-started';
			if (service.exitCode === killed) return 'killed';
			return service.exitCode === 0 && ['no', ''].includes(service.restartPolicy) && service.role !== 'database'
				? null
				: 'exited';
		case 'running': {
			if (service.health === 'unhealthy') return 'unhealthy';
			const age = service.startedAt ? now - Date.parse(service.startedAt) : Number.POSITIVE_INFINITY;
			return service.restartCount > 0 && age < settling && service.health !== 'healthy' ? 'restarting' : null;
		}
	}
}

function wordsFor(kind: Symptom['kind'], {service, exitCode, restartCount, error}: ServiceState): Text {
	switch (kind) {
		case 'restarting':
			// Between two crashes the engine shows 0, which is no exit code of anything.
			return exitCode === 0
				? say(`${service} keeps restarting (${restartCount} so far)`, `${service} 反复重启（已 ${restartCount} 次）`)
				: say(
						`${service} keeps restarting (${restartCount} so far, last exit code ${exitCode})`,
						`${service} 反复重启（已 ${restartCount} 次，最近退出码 ${exitCode}）`,
					);
		case 'killed':
			return say(`${service} was killed (exit code 137)`, `${service} 被强制终止（退出码 137）`);
		case 'not-started':
			return error
				? say(`${service} could not be started: ${error}`, `${service} 无法启动：${error}`)
				: say(`${service} was created and never started`, `${service} 已创建但从未启动`);
		case 'exited':
			return say(`${service} has stopped (exit code ${exitCode})`, `${service} 已停止（退出码 ${exitCode}）`);
		case 'unhealthy':
			return say(`${service} fails its health check`, `${service} 的健康检查失败`);
		case 'paused':
			return say(`${service} is paused`, `${service} 处于暂停状态`);
		case 'missing':
			return say(`${service} has no container`, `${service} 没有容器`);
		case 'answers-5xx':
			return say(`${service} answers with a server error (5xx)`, `${service} 返回服务器错误（5xx）`);
		case 'refused':
			return say(`${service} is refused by the database`, `${service} 被数据库拒绝`);
		case 'engine':
			return say('the Docker engine does not answer', 'Docker 引擎没有响应');
	}
}

const noteworthy = /error|fatal|panic|exception|refused|denied|failed|cannot|could not|missing|50[234]/i;

/** The last lines that speak of trouble, or simply the last lines. */
export function tellingLines(events: readonly {text: string; detail?: string | null}[], count = 3): string[] {
	const lines = events
		.map(({text, detail}) => (detail ? `${text} DETAIL: ${detail}` : text))
		.filter(line => line.trim());
	const telling = lines.filter(line => noteworthy.test(line));
	return [...new Set(telling.length > 0 ? telling : lines)].slice(-count);
}

/** nginx's words for an upstream that did not answer, and its access lines with 502, 503 or 504. */
const upstreamFailure =
	/while connecting to upstream|upstream (?:timed out|prematurely closed)|no live upstreams|" 50[234] /;
const answeredWell = /" (?:2|3)\d\d /;

/**
 * What is visibly wrong now, one symptom for each service at most. Pure.
 * @param logs events since each container's last start, by service; a service without an entry has not been read
 * @param now when the containers were looked at, in epoch milliseconds
 */
export function symptomsOf(
	deployment: Deployment,
	logs: ReadonlyMap<string, readonly {at: string; text: string; detail: string | null}[]>,
	now: number,
): Symptom[] {
	const symptoms: Symptom[] = [];
	for (const service of deployment.services) {
		const kind = stateOf(service, now);
		if (kind)
			symptoms.push({
				id: `${service.service}:${kind}`,
				service: service.service,
				kind,
				says: wordsFor(kind, service),
				lines: tellingLines(logs.get(service.service) ?? []),
			});
	}
	// A proxy's error lines are news only while what it leads to is ill, or when they are younger than its start.
	const ill = symptoms.length > 0;
	const lastStart = Math.max(
		0,
		...deployment.services.flatMap(({role, startedAt}) =>
			role === 'client' && startedAt ? [Date.parse(startedAt)] : [],
		),
	);
	for (const service of deployment.services) {
		if (service.role !== 'proxy' || symptoms.some(known => known.service === service.service)) continue;
		const events = logs.get(service.service) ?? [];
		const failed = events.findLastIndex(({text}) => upstreamFailure.test(text));
		const well = events.findLastIndex(({text}) => answeredWell.test(text) && !upstreamFailure.test(text));
		const last = events[failed];
		// Settled first: a failure followed by a good answer of the same proxy tells nothing certain about the other upstreams while one is ill.
		if (!last || (failed < well && !ill) || (!ill && Date.parse(last.at) <= lastStart)) continue;
		symptoms.push({
			id: `${service.service}:answers-5xx`,
			service: service.service,
			kind: 'answers-5xx',
			says: wordsFor('answers-5xx', service),
			lines: tellingLines(
				events.filter(({text}) => upstreamFailure.test(text)),
				2,
			),
		});
	}
	return symptoms;
}

/** Services whose log decides what a symptom is: the ill ones and the proxies. */
export const servicesToRead = (deployment: Deployment, now: number): string[] =>
	deployment.services.flatMap(service =>
		service.role === 'proxy' || stateOf(service, now) !== null ? [service.service] : [],
	);

/** Everything that fails once the given services fail: what depends on them, directly or not, and the proxies in front of them. */
export function consequences(deployment: Deployment, broken: readonly string[]): Set<string> {
	const reached = new Set(broken);
	let grown = true;
	while (grown) {
		grown = false;
		for (const {service, dependsOn, role} of deployment.services) {
			if (reached.has(service)) continue;
			const leads =
				role === 'proxy' && deployment.services.some(other => other.role === 'client' && reached.has(other.service));
			if (leads || dependsOn.some(name => reached.has(name))) {
				reached.add(service);
				grown = true;
			}
		}
	}
	return reached;
}

/** Diagnoses that a log speaks for, with their weights. */
export type Heard = (lines: readonly string[]) => ReadonlyMap<string, number>;

/** Some things that are seen have causes of one kind, whatever else is wrong with the service. */
const chapterFor: Partial<Record<Symptom['kind'], string>> = {killed: 'resources', 'not-started': 'project'};

/**
 * The one cause out of several that fit: of the kind that the symptom asks for, then what the service itself says, then the first
 * in the given order.
 */
function chosen(symptom: Symptom, causes: readonly Finding[], heard: Heard): Finding | undefined {
	const said = heard(symptom.lines);
	const weight = ({id, chapter}: Finding): number =>
		(chapter === chapterFor[symptom.kind] ? 100 : 0) + (said.get(id) ?? 0);
	return causes.toSorted((one, other) => weight(other) - weight(one))[0];
}

/**
 * Puts each symptom under exactly one root cause: one that breaks the service itself, else one whose consequence it is.
 * @param findings root causes first; what stands first wins where nothing else decides
 */
export function explain(
	symptoms: readonly Symptom[],
	findings: readonly Finding[],
	deployment: Deployment,
	heard: Heard = () => new Map(),
): (Symptom & {explainedBy: string[]})[] {
	const failures = findings.filter(({severity}) => severity === 'failure');
	return symptoms.map(symptom => {
		const direct = failures.filter(
			({affects, subject}) => affects.includes(symptom.service) || subject === symptom.service,
		);
		const causes =
			direct.length > 0
				? direct
				: symptom.kind === 'killed'
					? []
					: failures.filter(({affects}) => consequences(deployment, affects).has(symptom.service));
		const cause = chosen(symptom, causes, heard);
		return {...symptom, explainedBy: cause ? [cause.id] : []};
	});
}

/**
 * Leaves out last resorts that nothing asks for: one counts only for a symptom that no deeper cause explains, and first of all for
 * its own service's.
 */
export function withoutNeedless(
	findings: readonly Finding[],
	symptoms: readonly Symptom[],
	deployment: Deployment,
): Finding[] {
	const kept = new Set(findings.filter(({lastResort}) => !lastResort));
	const isOpen = ({explainedBy}: {explainedBy: string[]}): boolean => explainedBy.length === 0;
	let open = explain(symptoms, [...kept], deployment).filter(isOpen);
	for (const finding of findings) {
		if (!finding.lastResort) continue;
		const own = symptoms.filter(({service}) => service === finding.subject);
		const left = explain(open, [finding], deployment).filter(isOpen);
		const helps =
			own.length > 0 ? own.some(({id}) => open.some(symptom => symptom.id === id)) : left.length < open.length;
		if (!helps) continue;
		kept.add(finding);
		open = left;
	}
	return findings.filter(finding => kept.has(finding));
}
