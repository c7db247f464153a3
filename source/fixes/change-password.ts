import {accessHands, choosePasswords} from '../core/access-hands.ts';
import {type Check, fix, type Plan, type StepCall} from '../core/fix.ts';
import {say} from '../core/say.ts';
import {clientLogin} from '../probes/client-login.ts';
import {passwordProof} from '../probes/password-proof.ts';
import {passwordAccepted} from './parts/login-checks.ts';
import {assumptions, chooseWay, credentialsOf, waySettings} from './parts/sql-way.ts';
import {around, returnServices, saveEvidence} from './parts/step-calls.ts';

type Input = {
	service: string;
	role: string;
	secret: string;
	proves: string[];
	via: {secret: string; user: string} | null;
};

const passwordSteps = (plan: Plan): Input[] =>
	plan.steps.filter(({step}) => step === 'set-role-password').map(({input}) => input as unknown as Input);

export const changePassword = fix({
	id: 'change-password',
	title: say('Give the role the configured password, in place', '就地把角色的密码改为配置中的密码'),
	risk: 'changes-data',
	about: say(
		'Computes a SCRAM verifier of the configured password here and hands only that to the server with `ALTER ROLE`. No row, database or file of the application is touched.',
		'在本机计算所配置密码的 SCRAM 校验值，只把校验值通过 `ALTER ROLE` 交给服务器。不触碰应用的任何数据行、数据库或文件。',
	),
	limits: say(
		'A client that carries yet another password stays locked out; programs outside this deployment that use the old password are locked out from now on.',
		'仍使用其他密码的客户端依旧无法登录；部署之外使用旧密码的程序此后也将无法登录。',
	),
	settings: waySettings,
	plan(see, finding, settings) {
		const hands = accessHands(finding);
		const database = hands[0]?.database ?? '';
		const chosen = choosePasswords(
			hands.map(({user}) => user),
			credentialsOf(see, database),
		);
		const [first] = chosen;
		if (!first)
			return {
				kind: 'not-applicable',
				why: say(
					'No configured password was found that the role could be given.',
					'没有找到可以设给该角色的已配置密码。',
				),
			};
		const way = chooseWay(see, database, first.role, settings);
		if (way.kind === 'none')
			return way.asksPassword
				? {kind: 'asks', settings: waySettings.filter(({key}) => key !== 'route'), why: way.why}
				: {kind: 'not-applicable', why: way.why};
		const services = [...new Set([...hands.map(({service}) => service), ...finding.affects])].filter(
			name => name !== '' && name !== database,
		);
		const calls: StepCall[] = chosen.map(({role, secret, agree}) => ({
			step: 'set-role-password',
			input: {service: database, role, secret, proves: agree, ...way.way},
		}));
		const stops = around(way);
		const differ = chosen.flatMap(one => one.differ);
		const external = way.service === null;
		return {
			kind: 'plan',
			fix: 'change-password',
			route: say(
				`Way: ${way.why.en}. Password: the one of ${chosen.map(({secret}) => `\`${secret}\``).join(', ')}${differ.length > 0 ? `, which most clients carry (${differ.join(', ')} carry another one)` : ''}.`,
				`路径：${way.why.zh}。密码：取自 ${chosen.map(({secret}) => `\`${secret}\``).join('、')}${differ.length > 0 ? `，多数客户端使用它（${differ.join('、')} 使用的是另一个）` : ''}。`,
			),
			steps: external
				? calls
				: [
						...saveEvidence([database, ...services]),
						...stops.before,
						...calls,
						...stops.after,
						...returnServices(services),
					],
			afterUndo: external ? [] : returnServices(services),
			loses:
				differ.length > 0
					? say(
							`No data. ${differ.join(', ')} will still be refused until their configuration is changed.`,
							`不丢失数据。${differ.join('、')} 在修改配置之前仍会被拒绝。`,
						)
					: say('Nothing: no data, no setting, no session is lost.', '不丢失任何东西：数据、设置和会话都保持不变。'),
			restarts: external ? [] : [...(stops.after.length > 0 ? [database] : []), ...services],
			takes: stops.after.length > 0 ? say('under a minute', '不到一分钟') : say('a few seconds', '几秒钟'),
			undo: say('The stored verifier of before is put back.', '恢复之前保存的校验值。'),
			confirm: null,
			assumes: assumptions(way),
		};
	},
	verify(_finding, plan) {
		const checks: Check[] = [];
		for (const {service, role, secret, proves, via} of passwordSteps(plan)) {
			checks.push({
				says: say(
					`The server keeps the configured password of role \`${role}\``,
					`服务器保存的正是角色 \`${role}\` 的配置密码`,
				),
				passes: see =>
					see(passwordProof, service).proofs.some(one => one.credential === secret && one.verdict === 'fits') ||
					passwordAccepted(see(clientLogin, secret)),
			});
			for (const id of proves)
				checks.push({
					says: say(`\`${id}\` logs in over TCP by its own route`, `\`${id}\` 能以自己的路径通过 TCP 登录`),
					passes: see => passwordAccepted(see(clientLogin, id)),
				});
			if (via?.user === role && via.secret !== secret)
				checks.push({
					says: say(`The old password of role \`${role}\` is refused`, `角色 \`${role}\` 的旧密码被拒绝`),
					passes: see =>
						!see(passwordProof, service).known.some(one => one.role === role && one.reference === via.secret),
				});
		}
		return checks;
	},
});
