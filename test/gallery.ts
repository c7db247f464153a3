import type {DiagnoseEvent} from '../source/core/event.ts';
import type {Plan} from '../source/core/fix.ts';
import type {DiagnosisReport} from '../source/core/report.ts';
import {say} from '../source/core/say.ts';
import {type Happening, type Intent, newSession, type Session} from '../source/core/session.ts';
import {reduce} from '../source/core/session-reduce.ts';
import * as content from './gallery-content.ts';

/** One picture of the wizard: how it comes about, and the time on its clock when it is taken. */
export type Scene = {id: string; session: () => Session; now: number};

type Told = Intent | Happening;

/** Tells a new session what happens, one thing every 100 ms. */
const told = (messages: readonly Told[], from: Session = newSession({choose: false, now: 0})): Session =>
	messages.reduce((session, message, index) => reduce(session, {message, at: index * 100}), from);

const diagnose = (event: DiagnoseEvent, at = 0): Told => ({type: 'diagnose', event, at});
const enter: Told = {type: 'enter'};
const down: Told = {type: 'move', by: 1};

const looks: Told[] = [
	diagnose({type: 'target', target: content.target}),
	diagnose({
		type: 'probe-started',
		key: 'engine-info',
		title: say('Asking the Docker engine who it is', '询问 Docker 引擎的身份'),
		like: 'docker version',
	}),
	diagnose({
		type: 'probe-started',
		key: 'deployment-state',
		title: say('Looking at all containers of docker', '查看 docker 的所有容器'),
		like: 'docker compose ps -a',
	}),
	diagnose({type: 'probe-finished', key: 'engine-info', ms: 18, known: true, why: null}),
	diagnose({type: 'probe-finished', key: 'deployment-state', ms: 142, known: true, why: null}),
	diagnose({type: 'walked', path: content.path.slice(0, 6), findings: []}),
	diagnose({
		type: 'probe-started',
		key: 'database-catalog db',
		title: say('Reading roles and databases of db', '读取 db 的角色和数据库'),
		like: 'psql',
	}),
	diagnose({
		type: 'probe-finished',
		key: 'database-catalog db',
		ms: 5003,
		known: false,
		why: say('no answer within 5 s', '5 秒内没有回答'),
	}),
	diagnose({
		type: 'probe-started',
		key: 'password-proof db',
		title: say(
			'Checking every configured password against what db keeps, without a login',
			'对照 db 保存的校验值核对每个配置的密码（不登录）',
		),
		like: 'select rolname, rolpassword from pg_authid',
	}),
];

const opened: Told = {type: 'opened', unfinished: null};
const diagnosed = (report: DiagnosisReport): Told[] => [
	opened,
	...looks,
	diagnose({type: 'probe-finished', key: 'password-proof db', ms: 412, known: true, why: null}),
	diagnose({type: 'diagnosed', report}),
];
const planned = (plan: Plan): Told => ({type: 'planned', answer: plan, shown: content.shownSteps});
const toPlan = (plan: Plan): Told[] => [...diagnosed(content.report), enter, enter, planned(plan)];
const toApply: Told[] = [...toPlan(content.plan), enter, enter];

const apply = (event: Extract<Happening, {type: 'apply'}>['event'], at: number): Told => ({type: 'apply', event, at});
const started = (index: number, at: number): Told => {
	const step = content.shownSteps[index];
	return apply({type: 'step-started', index, total: 4, says: step?.says ?? say('', ''), like: step?.like ?? ''}, at);
};
const journal = '20261121-021502-change-password';

const half: Told[] = [
	...toApply,
	apply({type: 'began', journal}, 2000),
	started(0, 2000),
	apply({type: 'step-finished', index: 0, ms: 840}, 2840),
	started(1, 2840),
	apply({type: 'step-finished', index: 1, ms: 310}, 3150),
	started(2, 3150),
	apply(
		{
			type: 'progress',
			index: 2,
			says: say('api is up; waiting for worker', 'api 已恢复，等待 worker'),
			done: 1,
			total: 3,
		},
		4000,
	),
];

const check = (en: string, zh: string, passed = true): Told =>
	apply({type: 'checked', says: say(en, zh), passed}, 9000);

const done: Told[] = [
	...half,
	apply({type: 'step-finished', index: 2, ms: 4120}, 7270),
	started(3, 7270),
	apply({type: 'step-finished', index: 3, ms: 90}, 7360),
	check('The server keeps the configured password of role `postgres`', '服务器保存的正是角色 `postgres` 的配置密码'),
	check('`api:DB_PASSWORD` logs in over TCP by its own route', '`api:DB_PASSWORD` 能以自己的路径通过 TCP 登录'),
	check('`worker:DB_PASSWORD` logs in over TCP by its own route', '`worker:DB_PASSWORD` 能以自己的路径通过 TCP 登录'),
	check('The old password of role `postgres` is refused', '角色 `postgres` 的旧密码被拒绝'),
];

const proven = apply(
	{
		type: 'finished',
		outcome: 'proven',
		exitCode: 0,
		journal,
		says: say('Cured, and that is proven.', '已修复，并经过验证。'),
		undo: `compose-medic undo ${journal}`,
		report: {...content.report, diagnoses: [content.oom]},
	},
	9100,
);

const rolledBack: Told[] = [
	...half,
	apply(
		{type: 'step-failed', index: 2, why: say('worker did not come back within 60 s', 'worker 在 60 秒内没有恢复')},
		63_150,
	),
	apply({type: 'rolling-back', why: say('a step failed', '有一步失败')}, 63_200),
	apply(
		{
			type: 'step-undone',
			index: 1,
			says: content.shownSteps[1]?.says ?? say('', ''),
			note: say('the old verifier is back', '旧校验值已恢复'),
		},
		63_400,
	),
	apply(
		{
			type: 'finished',
			outcome: 'rolled-back',
			exitCode: 6,
			journal,
			says: say(
				'worker did not come back within 60 s. Everything was taken back.',
				'worker 在 60 秒内没有恢复。所有操作都已撤销。',
			),
			undo: null,
			report: null,
		},
		63_500,
	),
];

const hostile: DiagnosisReport = {
	...content.report,
	diagnoses: [
		{
			...content.stale,
			because: [{for: true, says: say(content.hostileText, content.hostileText), source: 'log of db', at: null}],
		},
	],
	symptoms: content.report.symptoms.map(symptom => ({...symptom, lines: [content.hostileText]})),
};

const typed = (text: string): Told[] => [...text].map(letter => ({type: 'type', text: letter}));
const logRead = (service: string): Told[] => [
	...diagnosed(content.report),
	{type: 'log'},
	{type: 'log-read', log: content.logOf(service)},
];
const found = (query: string, hit: number | null): Told => ({type: 'found', query, hit, to: hit === null ? null : 8});

const scene = (id: string, messages: readonly Told[], now = 5000): Scene => ({id, session: () => told(messages), now});

/** Every picture of the wizard: for the golden frames, and to look at while working on it. */
export const scenes: readonly Scene[] = [
	{
		id: 'choosing',
		session: () => told([{type: 'projects', projects: content.projects}], newSession({choose: true, now: 0})),
		now: 0,
	},
	scene('resume', [{type: 'opened', unfinished: {id: journal, fix: 'change-password', at: '2026-11-21T02:15:02Z'}}]),
	scene('walking', [opened, ...looks], 1300),
	scene('walked', [...diagnosed(content.report), {type: 'back'}]),
	scene('causes', diagnosed(content.report)),
	scene('evidence', [...diagnosed(content.report), {type: 'evidence'}]),
	scene('second-cause', [...diagnosed(content.report), down]),
	scene('healthy', diagnosed(content.healthy)),
	scene('unexplained', diagnosed(content.unexplained)),
	scene(
		'engine-down',
		diagnosed({...content.healthy, diagnoses: [content.engineDown], path: content.path.slice(0, 1)}),
	),
	scene('fixes', [...diagnosed(content.report), enter]),
	scene('planning', [...diagnosed(content.report), enter, enter], 2500),
	scene('does-not-apply', [
		...diagnosed(content.report),
		enter,
		down,
		enter,
		{
			type: 'planned',
			answer: {
				kind: 'not-applicable',
				why: say(
					'No password that works was found in older copies of `.env`.',
					'在 `.env` 的旧副本中没有找到有效的密码。',
				),
			},
			shown: [],
		},
	]),
	scene('settings', [
		...diagnosed(content.report),
		enter,
		enter,
		{
			type: 'planned',
			answer: {
				kind: 'asks',
				why: say(
					'The server’s local socket can’t be used from here and no old password is known.',
					'此处无法使用服务器的本地套接字，也没有已知的旧密码。',
				),
				settings: [
					{key: 'old-password', says: say('A password that still works', '仍然有效的旧密码'), secret: true},
					{key: 'old-user', says: say('The role that this password belongs to', '该密码所属的角色'), secret: false},
				],
			},
			shown: [],
		},
		...typed('hunter2'),
	]),
	scene('plan', toPlan(content.plan)),
	scene('consent', [...toPlan(content.plan), enter]),
	scene('consent-typed', [...toPlan(content.resetPlan), enter, ...typed('docker_db')]),
	scene('applying', half, 5300),
	scene('stopping', [...half, {type: 'interrupt'}], 5300),
	scene('proving', done, 9000),
	scene('proof', [...done, proven], 9100),
	scene('rolled-back', rolledBack, 63_500),
	scene('trouble', [
		...toApply,
		{
			type: 'trouble',
			trouble: {
				what: say('Another run is changing this deployment.', '另一个进程正在修改此部署。'),
				why: say(
					'It holds the lock since 02:14:40, as process 4711 on this machine.',
					'它从 02:14:40 起持有锁，是本机的进程 4711。',
				),
				next: say(
					'Wait until it is done, or stop it with `kill 4711`; then try again.',
					'等待其结束，或用 `kill 4711` 停止它，然后重试。',
				),
				exitCode: 11,
			},
		},
	]),
	scene('help', [...diagnosed(content.report), {type: 'help'}]),
	scene('log-reading', [...diagnosed(content.report), {type: 'log'}], 3300),
	scene('log', logRead('db')),
	scene('log-turned', [...logRead('db'), {type: 'turn', by: 1}, {type: 'log-read', log: content.logOf('api')}]),
	scene('log-searching', [...logRead('db'), {type: 'search'}, ...typed('pg_hba')]),
	scene('log-found', [...logRead('db'), {type: 'search'}, ...typed('pg_hba'), found('pg_hba', 2)]),
	scene('log-not-found', [...logRead('db'), {type: 'search'}, ...typed('外键约束'), found('外键约束', null)]),
	scene('log-empty', logRead('web')),
	scene('log-failed', [
		...diagnosed(content.report),
		{type: 'log'},
		{type: 'log-failed', why: say('The container 3f1c88a01b2d is gone.', '容器 3f1c88a01b2d 已不存在。')},
	]),
	scene('log-help', [...logRead('db'), {type: 'help'}]),
	scene('hostile', [...diagnosed(hostile), {type: 'evidence'}]),
	scene('hostile-log', [
		...diagnosed(hostile),
		{type: 'log'},
		{
			type: 'log-read',
			log: {
				...content.logOf('db'),
				lines: [{at: '2026-11-21T02:12:01.000Z', stream: 'stderr', text: content.hostileText}],
			},
		},
		{type: 'search'},
		...typed('\u001b]0;x'),
	]),
	scene('hostile-quote', [...diagnosed(hostile), {type: 'log'}], 3300),
];
