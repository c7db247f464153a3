import type {Outcome} from '../core/event.ts';
import type {Risk} from '../core/fix.ts';
import {say, type Text, verbatim} from '../core/say.ts';
import type {Screen} from '../core/session.ts';
import type {Tone} from '../core/wrap.ts';

const chapters: Readonly<Record<string, Text>> = {
	engine: say('The Docker engine', 'Docker 引擎'),
	project: say('Project: files, variables, ports', '项目：文件、变量与端口'),
	'start-up': say('Start-up of the database', '数据库的启动'),
	resources: say('Resources: memory and disk', '资源：内存与磁盘'),
	network: say('Network', '网络'),
	access: say('Access: roles, passwords, pg_hba.conf', '访问：角色、密码与 pg_hba.conf'),
	data: say('Data', '数据'),
	services: say('Services', '服务'),
};

export const chapterName = (id: string): Text => chapters[id] ?? verbatim(id);

/** What each screen is called, and its place on the way from question to cure. */
export const stages: Readonly<Record<Screen, {title: Text; stage: number | null}>> = {
	choosing: {title: say('which deployment', '选择部署'), stage: null},
	resume: {title: say('unfinished fix', '未完成的修复'), stage: null},
	walking: {title: say('looking', '检查'), stage: 1},
	causes: {title: say('root causes', '根本原因'), stage: 2},
	fixes: {title: say('fixes', '修复方法'), stage: 3},
	settings: {title: say('one question', '需要一项信息'), stage: 3},
	plan: {title: say('plan', '方案'), stage: 4},
	consent: {title: say('consent', '确认'), stage: 4},
	applying: {title: say('at work', '执行中'), stage: 5},
	proof: {title: say('proof', '验证'), stage: 5},
	trouble: {title: say('trouble', '遇到问题'), stage: null},
};

export const stageCount = 5;

/** The engine says in words how it ended; the sign says at a glance whether that is good. */
export const outcomeSigns: Readonly<Record<Outcome, {sign: string; tone: Tone}>> = {
	proven: {sign: '✔', tone: 'good'},
	undone: {sign: '✔', tone: 'good'},
	'rolled-back': {sign: '!', tone: 'warn'},
	'roll-back-failed': {sign: '✖', tone: 'bad'},
	refused: {sign: '!', tone: 'warn'},
	interrupted: {sign: '!', tone: 'warn'},
};

/** Braille cells turn quietly and are one column wide everywhere. */
const spinner = [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'];
export const spinnerTurn = 100;
export const spinnerAt = (elapsed: number): string =>
	spinner[Math.floor(Math.max(0, elapsed) / spinnerTurn) % spinner.length] ?? '·';

/** How much harm a fix or step can do, as a sign beside the words. */
export const riskSigns: Readonly<Record<Risk, {sign: string; tone: Tone}>> = {
	none: {sign: '✔', tone: 'good'},
	restarts: {sign: '!', tone: 'warn'},
	'changes-data': {sign: '!', tone: 'warn'},
	'destroys-data': {sign: '✖', tone: 'bad'},
};
