import type {ApplyEvent, DiagnoseEvent} from '../../source/core/event.ts';
import type {DiagnosisReport} from '../../source/core/report.ts';
import {say} from '../../source/core/say.ts';
import type {Actions} from '../../source/ui/actions.ts';
import * as content from '../gallery-content.ts';

export type Fake = Actions & {
	/** What was asked for, in order. */
	calls: string[];
	secrets: Map<string, string>;
	clipboard: string[];
};

const stopped = (signal: AbortSignal): Promise<void> =>
	new Promise(resolve =>
		signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), {once: true}),
	);

/**
 * A deployment that does as the gallery says.
 * @param options.hangs waits in the middle of a fix until it is stopped, then ends cleanly
 * @param options.pause milliseconds between events, for a person who watches
 */
export function fakeActions(
	options: Partial<Actions> & {report?: DiagnosisReport; hangs?: boolean; pause?: number} = {},
): Fake {
	const {report = content.report, hangs = false, pause = 0, ...replaced} = options;
	const calls: string[] = [];
	const secrets = new Map<string, string>();
	const clipboard: string[] = [];
	const wait = (): Promise<unknown> => new Promise(resolve => setTimeout(resolve, pause));
	const journal = '20261121-021502-change-password';

	async function* diagnosing(): AsyncGenerator<DiagnoseEvent> {
		yield {type: 'target', target: content.target};
		for (const [index, key] of ['engine-info', 'deployment-state', 'password-proof db'].entries()) {
			yield {type: 'probe-started', key, title: say(`Looking at ${key}`, `查看 ${key}`), like: key};
			await wait();
			yield {type: 'probe-finished', key, ms: 20 + index, known: true, why: null};
			yield {type: 'walked', path: report.path.slice(0, (index + 1) * 3), findings: []};
		}
		yield {type: 'diagnosed', report};
	}

	async function* changing(signal: AbortSignal): AsyncGenerator<ApplyEvent> {
		yield {type: 'began', journal};
		const total = content.shownSteps.length;
		for (const [index, {says, like}] of content.shownSteps.entries()) {
			yield {type: 'step-started', index, total, says, like};
			for (let done = 1; done < 4; done++) {
				await wait();
				yield {type: 'progress', index, says, done, total: 4};
			}
			if (hangs && index === 1) await stopped(signal);
			yield {type: 'step-finished', index, ms: 40};
			if (signal.aborted) {
				yield {
					type: 'finished',
					outcome: 'interrupted',
					exitCode: 130,
					journal,
					says: say('Stopped after step 2.', '在第 2 步后停止。'),
					undo: `compose-medic undo ${journal}`,
					report: null,
				};
				return;
			}
		}
		yield {type: 'checked', says: say('Every client logs in', '所有客户端都能登录'), passed: true};
		await wait();
		yield {
			type: 'finished',
			outcome: 'proven',
			exitCode: 0,
			journal,
			says: say('Cured, and that is proven.', '已修复，并经过验证。'),
			undo: `compose-medic undo ${journal}`,
			report: content.healthy,
		};
	}

	return {
		calls,
		secrets,
		clipboard,
		async projects() {
			calls.push('projects');
			return content.projects;
		},
		async choose(project) {
			calls.push(`choose ${project}`);
		},
		diagnose() {
			calls.push('diagnose');
			return diagnosing();
		},
		async plan(finding, fix, settings) {
			calls.push(`plan ${finding.id} ${fix} ${JSON.stringify(settings)}`);
			await wait();
			return {answer: fix === 'reset-volume' ? content.resetPlan : content.plan, shown: content.shownSteps};
		},
		apply(confirmed, signal) {
			calls.push(`apply ${confirmed}`);
			return changing(signal);
		},
		async log(service) {
			calls.push(`log ${service}`);
			return content.logOf(service ?? 'db');
		},
		async unfinished() {
			return null;
		},
		resume(signal) {
			calls.push('resume');
			return changing(signal);
		},
		undo(id, signal) {
			calls.push(`undo ${id}`);
			return changing(signal);
		},
		setSecret(key, value) {
			secrets.set(key, value);
		},
		copy(text) {
			clipboard.push(text);
		},
		...replaced,
	};
}
