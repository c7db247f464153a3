import {assume} from '../core/fingerprint.ts';
import {type Check, fix} from '../core/fix.ts';
import {say} from '../core/say.ts';
import {isExternal, serviceNamed} from '../probes/looks.ts';
import {proxyAnswer} from '../probes/proxy-answer.ts';
import {staleTarget} from '../probes/proxy-looks.ts';
import {notApplicable} from './parts/login-plan.ts';
import {saveEvidence} from './parts/step-calls.ts';

/** Answers of a proxy that reached nobody, or not in time. */
const unreached = [502, 503, 504];

export const reloadProxy = fix({
	id: 'reload-proxy',
	title: say('Let nginx read its configuration again', '让 nginx 重新加载配置'),
	risk: 'restarts',
	about: say(
		'Tests the configuration with `nginx -t` and reloads it with `nginx -s reload`, which resolves every name anew. No request is dropped: old workers finish what they have begun.',
		'先用 `nginx -t` 检查配置，再用 `nginx -s reload` 重新加载，从而重新解析所有名称。不会丢失请求：旧的工作进程会处理完已开始的请求。',
	),
	limits: say(
		'The next service that is made anew under another address is lost again. `resolver 127.0.0.11 valid=10s;` with the name in a variable lasts.',
		'下一次有服务以新地址重建时，问题会再现。用 `resolver 127.0.0.11 valid=10s;` 并把名称放进变量才是长久之计。',
	),
	offered: see => !isExternal(see),
	settings: [],
	plan(see, finding) {
		const proxy = finding.subject ?? '';
		const service = isExternal(see) ? null : serviceNamed(see, proxy);
		if (service?.status !== 'running')
			return notApplicable(
				say(
					`${proxy} does not run: what reads its configuration anyway is \`fix start-service\`.`,
					`${proxy} 未运行：请用 \`fix start-service\`，启动时会重新读取配置。`,
				),
			);
		return {
			kind: 'plan',
			fix: 'reload-proxy',
			route: null,
			steps: [...saveEvidence([proxy]), {step: 'reload-proxy', input: {services: [proxy]}}],
			afterUndo: [],
			loses: say('Nothing: open requests are answered.', '不丢失任何东西：进行中的请求会处理完。'),
			restarts: [],
			takes: say('a few seconds', '几秒钟'),
			undo: say('There is nothing to take back.', '没有可以撤销的更改。'),
			confirm: null,
			assumes: assume(see, {services: [proxy]}),
		};
	},
	verify(finding) {
		const proxy = finding.subject ?? '';
		const checks: Check[] = [
			{
				says: say(`A page that ${proxy} is asked for does not end in a 502`, `向 ${proxy} 请求页面不再返回 502`),
				passes: see => !unreached.includes(see(proxyAnswer, proxy).status ?? 0),
			},
			{
				says: say(`${proxy} tries no address that was left`, `${proxy} 不再使用已废弃的地址`),
				passes: see => staleTarget(see, proxy) === null,
			},
		];
		return checks;
	},
});
