import type {Finding} from '../../source/core/diagnosis.ts';
import {opposes, points} from '../../source/core/diagnosis.ts';
import type {DiagnosisReport} from '../../source/core/report.ts';
import {say, verbatim} from '../../source/core/say.ts';
import {paintFor} from '../../source/report/paint.ts';
import type {PlainOptions} from '../../source/report/plain.ts';

export const at = '2026-11-21T10:45:19.000Z';

export const stale: Finding = {
	id: 'stale-volume-password',
	chapter: 'access',
	subject: 'db',
	severity: 'failure',
	certainty: 'certain',
	title: say('The data directory keeps an older password', '数据目录里仍是旧密码'),
	about: say(
		'PostgreSQL takes `POSTGRES_PASSWORD` only when it initialises an empty data directory. Later changes in `.env` reach the clients and not the server.',
		'PostgreSQL 只在初始化空数据目录时读取 `POSTGRES_PASSWORD`。之后修改 `.env` 只影响客户端，服务器不会改变。',
	),
	beware: say('Do not delete the volume: every row is lost.', '不要删除卷：所有数据都会丢失。'),
	because: [
		points(say('The password of api does not fit.', 'api 的密码不匹配。'), 'password-proof', at),
		opposes(say('The volume is young.', '卷很新。'), 'data-directory', null),
	],
	affects: ['api', 'worker'],
	fixes: [
		{id: 'change-password', title: say('Change it in place', '就地修改密码'), risk: 'restarts', recommended: true},
		{id: 'reset-volume', title: say('Start over', '重新开始'), risk: 'destroys-data', recommended: false},
	],
	noFix: null,
	hands: [{database: 'db'}],
};

export const report = (change: Partial<DiagnosisReport> = {}): DiagnosisReport => ({
	target: {kind: 'compose', project: 'shop', stack: 'dify'},
	observedAt: at,
	symptoms: [
		{
			id: 'api:restarting',
			service: 'api',
			kind: 'restarting',
			says: say('api keeps restarting', 'api 反复重启'),
			lines: ['FATAL:  password authentication failed'],
			explainedBy: ['stale-volume-password'],
		},
		{
			id: 'web:killed',
			service: 'web',
			kind: 'killed',
			says: say('web was killed', 'web 被强制终止'),
			lines: ['Killed | <b>@all</b>', '```'],
			explainedBy: [],
		},
	],
	diagnoses: [stale],
	unexplained: ['web:killed'],
	unknown: [{probe: 'database-catalog db', why: say('no answer within 5 s', '5 秒内没有回答')}],
	skipped: [{chapter: 'resources', why: say('the database does not start', '数据库没有启动')}],
	path: [
		{
			chapter: 'access',
			question: say('Does the password fit?', '密码是否匹配？'),
			answer: say('no', '否'),
			subject: 'api',
		},
	],
	...change,
});

export const healthy = (): DiagnosisReport =>
	report({symptoms: [], diagnoses: [], unexplained: [], unknown: [], skipped: []});

export const warning: Finding = {
	...stale,
	id: 'exposed-to-internet',
	severity: 'warning',
	fixes: [],
	noFix: verbatim('by hand'),
};

export const plainly = (change: Partial<PlainOptions> = {}): PlainOptions => ({
	language: 'en',
	width: 80,
	paint: paintFor(false),
	command: rest => `compose-medic ${rest} --project shop`,
	...change,
});
