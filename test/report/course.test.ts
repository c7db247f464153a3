import {expect, test} from 'vitest';
import type {ApplyEvent} from '../../source/core/event.ts';
import type {Plan} from '../../source/core/fix.ts';
import {fix} from '../../source/core/fix.ts';
import {say, verbatim} from '../../source/core/say.ts';
import {courseOf, diagnoseLine} from '../../source/report/course.ts';
import {CourseRecord} from '../../source/report/fix-json.ts';
import {plainPlan, planJson, refusedPlanJson} from '../../source/report/plan.ts';
import {plainly, stale} from './sample.ts';

const plan: Plan = {
	kind: 'plan',
	fix: 'change-password',
	route: say('Way: over the socket.', '路径：本地套接字。'),
	steps: [{step: 'set-role-password', input: {service: 'db'}}],
	afterUndo: [],
	loses: say('Nothing.', '无。'),
	restarts: ['api', 'worker'],
	takes: say('a few seconds', '几秒'),
	undo: say('The old verifier is put back.', '恢复旧校验值。'),
	confirm: {name: 'shop_db-data', says: say('Type the name of the volume.', '请输入卷名。')},
	assumes: {'container:db': 'abc'},
};
const shown = [
	{
		...(plan.steps[0] ?? {step: '', input: {}}),
		says: say('Set it', '设置'),
		like: 'psql <<< "ALTER ROLE …"\nline two',
		risk: 'changes-data',
		undo: null,
	},
];
const cure = fix({
	id: 'change-password',
	title: say('Change it', '修改密码'),
	risk: 'changes-data',
	about: say('about', '说明'),
	limits: say('nothing else', '其他情况'),
	settings: [],
	plan: () => plan,
	verify: () => [{says: say('`api` logs in', '`api` 能登录'), passes: () => true}],
});

const events: ApplyEvent[] = [
	{type: 'planned', plan, shown},
	{type: 'began', journal: '20261121-change-password'},
	{type: 'step-started', index: 0, total: 2, says: say('Set it', '设置'), like: 'psql\nsecond line'},
	{type: 'progress', index: 0, says: say('Waiting', '等待'), done: 1, total: 3},
	{type: 'progress', index: 0, says: say('Waiting', '等待'), done: 1, total: 3},
	{type: 'step-finished', index: 0, ms: 1234},
	{type: 'step-started', index: 1, total: 2, says: say('Start api', '启动 api'), like: 'docker start api'},
	{type: 'step-failed', index: 1, why: say('no such image', '没有该镜像')},
	{type: 'rolling-back', why: say('A step failed.', '某一步失败。')},
	{type: 'step-undone', index: 0, says: say('Set it', '设置'), note: null},
	{type: 'checked', says: say('it is as before', '与之前相同'), passed: false},
	{
		type: 'finished',
		outcome: 'rolled-back',
		exitCode: 6,
		journal: '20261121-change-password',
		says: say('Nothing was cured.', '未能修复。'),
		undo: null,
		report: null,
	},
];

test('a repair, one line for each thing that happened', () => {
	const line = courseOf(plainly());
	expect(events.map(line).filter(text => text !== null)).toEqual([
		'  Journal: 20261121-change-password',
		'… 1/2 Set it\n      psql\n      second line',
		'      Waiting 33 %',
		'✔ 1/2 done 1.2 s',
		'… 2/2 Start api\n      docker start api',
		'✖ 2/2 no such image',
		'! A step failed.',
		'↩ undone: Set it',
		'✖ not so: it is as before',
		'\n! Nothing was cured.',
	]);
});

test('the same as one object', () => {
	const record = new CourseRecord();
	for (const event of events) record.read(event);
	expect(record.toJson(null, 'zh', null)).toEqual({
		schema: 'compose-medic/fix@1',
		plan: null,
		journal: '20261121-change-password',
		steps: [
			{number: 1, says: '设置', like: 'psql\nsecond line', state: 'undone', ms: 1234, why: null},
			{number: 2, says: '启动 api', like: 'docker start api', state: 'failed', ms: null, why: '没有该镜像'},
		],
		checks: [{says: '与之前相同', passed: false}],
		outcome: 'rolled-back',
		says: '未能修复。',
		exitCode: 6,
		undo: null,
		diagnosis: null,
	});
});

test('a repair that was cut off has no outcome', () => {
	const record = new CourseRecord();
	for (const event of events.slice(0, 3)) record.read(event);
	expect(record.finished).toBeNull();
	expect(record.toJson(null, 'en', null)).toMatchObject({outcome: null, exitCode: null, steps: [{state: 'started'}]});
});

test('a plan shows every command as it stands, what restarts, what could be lost, and the way back', () => {
	const text = plainPlan({plan, shown, finding: stale, fix: cure}, plainly({width: 60}));
	for (const part of [
		'Plan: Change it',
		'change-password → stale-volume-password · db',
		'  Way: over the socket.',
		'1. Set it (changes data, can be undone)',
		'       psql <<< "ALTER ROLE …"\n       line two',
		'✔ `api` logs in',
		'Restarts: api, worker',
		'Could lose: Nothing.',
		'Undo: The old verifier is put back.',
		'Does not protect against: nothing else',
		'! shop_db-data: Type the name of the volume.',
	])
		expect(text).toContain(part);
	expect(plainPlan({plan, shown, finding: stale, fix: cure}, plainly({language: 'zh'}))).toContain('重启：api、worker');
});

const target = {kind: 'compose', project: 'shop', stack: 'dify'} as const;

test('compose-medic/plan@1', () => {
	expect(planJson({plan, shown, finding: stale, fix: cure}, 'en', {target, settings: {}})).toMatchObject({
		schema: 'compose-medic/plan@1',
		applicable: true,
		fix: 'change-password',
		diagnosis: 'stale-volume-password',
		service: 'db',
		steps: [{step: 'set-role-password', says: 'Set it', risk: 'changes-data', undo: null}],
		checks: ['`api` logs in'],
		confirm: {name: 'shop_db-data'},
		assumes: {'container:db': 'abc'},
	});
	const asks = {
		kind: 'asks',
		why: verbatim('why'),
		settings: [{key: 'old-password', says: verbatim('old'), secret: true}],
	} as const;
	expect(refusedPlanJson(cure, stale, {...asks, settings: [...asks.settings]}, 'en')).toMatchObject({
		applicable: false,
		why: 'why',
		asks: [{key: 'old-password', says: 'old', secret: true, choices: null}],
	});
});

test('a look that could not be made says why', () => {
	const finished = {
		type: 'probe-finished',
		key: 'service-log api',
		ms: 5000,
		known: false,
		why: say('no answer', '没有回答'),
	} as const;
	expect(diagnoseLine(finished, plainly())).toBe('? service-log api: no answer');
	expect(diagnoseLine({...finished, known: true, why: null}, plainly({language: 'zh'}))).toBe(
		'✔ service-log api 5.0 s',
	);
});
