import type {ClientCredential} from '../core/deployment.ts';
import {fix} from '../core/fix.ts';
import {say} from '../core/say.ts';
import {clientLogin} from '../probes/client-login.ts';
import {isExternal} from '../probes/looks.ts';
import {passwordProof} from '../probes/password-proof.ts';
import {credentialsIn, handsOf} from './parts/hands.ts';
import {passwordAccepted} from './parts/login-checks.ts';
import {externalHasNoFiles, notApplicable, passwordPlan} from './parts/login-plan.ts';

export const useStoredPassword = fix({
	id: 'use-stored-password',
	title: say('Configure the password that the database already keeps', '把配置改成数据库里已有的密码'),
	risk: 'restarts',
	about: say(
		'Puts the password that works (found by proof, or typed by you) into the variable that the clients take it from, and recreates the services that use it. Nothing inside the database changes.',
		'把有效的密码（经验证找到，或由你输入）写入客户端取用的那个变量，并重建使用它的服务。数据库内部不做任何改动。',
	),
	limits: say(
		'If the working password is known to people who should not have it, give the role a new one with `fix change-password` instead.',
		'如果有效的密码已被不该知道的人掌握，请改用 `fix change-password` 换一个新密码。',
	),
	offered: see => !isExternal(see),
	settings: [{key: 'password', says: say('The password that works', '有效的密码'), secret: true}],
	plan(see, finding, settings) {
		const [hand] = handsOf(finding);
		const database = hand?.database ?? '';
		if (isExternal(see)) return externalHasNoFiles;
		const wrong = credentialsIn(see, finding);
		const known = (role: string) => see(passwordProof, database).known.find(one => one.role === role);
		const wanted: {credential: ClientCredential; secret: string}[] = [];
		for (const credential of wrong) {
			const secret = settings['password'] === undefined ? known(credential.user)?.reference : 'setting:password';
			if (secret === undefined)
				return {
					kind: 'asks',
					settings: [
						{
							key: 'password',
							says: say(
								`The password that works for role \`${credential.user}\``,
								`角色 \`${credential.user}\` 的有效密码`,
							),
							secret: true,
						},
					],
					why: say(
						'None of the configured passwords fits, and no older copy of the configuration holds one that does.',
						'所有配置的密码都不匹配，配置的旧副本中也没有匹配的密码。',
					),
				};
			wanted.push({credential, secret});
		}
		const [first] = wanted;
		if (!first) return notApplicable(say('No client carries this password any more.', '已没有客户端使用这个密码。'));
		const typed = first.secret === 'setting:password';
		const source = known(first.credential.user)?.from;
		return passwordPlan(see, finding, {
			fix: 'use-stored-password',
			wanted,
			database,
			proof: typed
				? [{step: 'prove-password', input: {database, credential: first.credential.id, secret: first.secret}}]
				: [],
			from:
				typed || !source
					? say(
							'The password is the one you gave; it is tried with a real login before anything is changed.',
							'使用你提供的密码；更改之前会先用它实际登录检验。',
						)
					: say(
							`The password that works was found in ${source.en} and fits what the server keeps.`,
							`在 ${source.zh} 中找到了有效的密码，与服务器保存的一致。`,
						),
		});
	},
	verify(finding) {
		return handsOf(finding).map(({credential}) => ({
			says: say(`\`${credential}\` logs in over TCP by its own route`, `\`${credential}\` 能以自己的路径通过 TCP 登录`),
			passes: see => passwordAccepted(see(clientLogin, credential)),
		}));
	},
});
