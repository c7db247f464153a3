import {assume} from '../core/fingerprint.ts';
import {fix} from '../core/fix.ts';
import {say} from '../core/say.ts';
import {databaseReadiness} from '../probes/database-readiness.ts';
import {isExternal, serviceNamed} from '../probes/looks.ts';
import {handsOf} from './parts/hands.ts';
import {notApplicable, patients} from './parts/login-plan.ts';
import {returnServices} from './parts/step-calls.ts';

/** A first import or a long recovery takes this and more. */
const usualMinutes = 30;

export const waitUntilReady = fix({
	id: 'wait-until-ready',
	title: say('Wait until the database is ready', '等待数据库就绪'),
	risk: 'restarts',
	about: say(
		'Changes nothing: watches the server over TCP and its log, shows how far it is, and looks again when it is ready.',
		'不做任何更改：通过 TCP 和日志观察服务器、显示进度，就绪后再次检查。',
	),
	limits: say(
		'Clients that died meanwhile come back only with a restart policy; otherwise start them with `fix start-service`.',
		'在此期间退出的客户端只有设置了重启策略才会自行恢复；否则请用 `fix start-service` 启动。',
	),
	settings: [{key: 'minutes', says: say('How many minutes to wait at most', '最多等待多少分钟'), secret: false}],
	plan(see, finding, settings) {
		const service = handsOf(finding)[0]?.database ?? '';
		const minutes = Number(settings['minutes'] ?? usualMinutes);
		if (!Number.isFinite(minutes) || minutes <= 0)
			return notApplicable(say('`minutes` must be a number above 0.', '`minutes` 必须是大于 0 的数字。'));
		const ill = isExternal(see) ? [] : patients(see, finding, []);
		const died = ill.filter(name =>
			['exited', 'created', 'restarting'].includes(serviceNamed(see, name)?.status ?? ''),
		);
		return {
			kind: 'plan',
			fix: 'wait-until-ready',
			route: null,
			steps: [{step: 'wait-until-ready', input: {service, minutes}}, ...returnServices(died)],
			afterUndo: [],
			loses: say('Nothing.', '不丢失任何东西。'),
			restarts: died,
			takes: say(`until the server is ready, at most ${minutes} minutes`, `直到服务器就绪，最多 ${minutes} 分钟`),
			undo: say('Nothing is changed that would have to be taken back.', '没有需要撤销的更改。'),
			confirm: null,
			assumes: isExternal(see) ? {} : assume(see, {services: [service]}),
		};
	},
	verify(finding) {
		return handsOf(finding).map(({database}) => ({
			says: say(`${database || 'The database'} accepts connections over TCP`, `${database || '数据库'} 接受 TCP 连接`),
			passes: see => see(databaseReadiness, database).state === 'accepting',
		}));
	},
});
