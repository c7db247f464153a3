import type {ClientCredential} from '../core/deployment.ts';
import {fix} from '../core/fix.ts';
import {list, say} from '../core/say.ts';
import {clientLogin} from '../probes/client-login.ts';
import {isExternal, siblings} from '../probes/looks.ts';
import {passwordProof} from '../probes/password-proof.ts';
import {credentialsIn, handsOf, unique} from './parts/hands.ts';
import {passwordAccepted} from './parts/login-checks.ts';
import {externalHasNoFiles, notApplicable, passwordPlan} from './parts/login-plan.ts';

export const syncClientPassword = fix({
	id: 'sync-client-password',
	title: say('Give this service the password that the others use', '让该服务使用与其他服务相同的密码'),
	risk: 'restarts',
	about: say(
		'Writes the password that is proven right into the one configuration entry that differs, and recreates only the services that read it.',
		'把经验证正确的密码写入唯一不一致的那个配置项，并只重建读取它的服务。',
	),
	limits: say(
		'If the service was given its own password on purpose, because it should have a role of its own, create that role instead.',
		'如果该服务是有意使用自己的密码（本应有自己的角色），请改为创建那个角色。',
	),
	offered: see => !isExternal(see),
	settings: [],
	plan(see, finding) {
		const database = handsOf(finding)[0]?.database ?? '';
		if (isExternal(see)) return externalHasNoFiles;
		const {proofs, known} = see(passwordProof, database);
		const fits = (id: string): boolean =>
			proofs.some(({credential, verdict}) => credential === id && verdict === 'fits');
		const wanted: {credential: ClientCredential; secret: string}[] = [];
		const sources: string[] = [];
		for (const credential of credentialsIn(see, finding)) {
			const right = siblings(see, {subject: null, database, credential}).find(({id}) => fits(id));
			const secret = right?.id ?? known.find(({role}) => role === credential.user)?.reference;
			if (secret === undefined)
				return notApplicable(
					say(
						`No configuration holds a password that fits role \`${credential.user}\`.`,
						`没有任何配置包含与角色 \`${credential.user}\` 匹配的密码。`,
					),
				);
			sources.push(secret);
			wanted.push({credential, secret});
		}
		if (wanted.length === 0)
			return notApplicable(say('The service does not use this password any more.', '该服务已不再使用这个密码。'));
		const from = list(unique(sources).map(source => `\`${source}\``));
		return passwordPlan(see, finding, {
			fix: 'sync-client-password',
			wanted,
			database,
			from: say(`The password of ${from.en} is proven to fit.`, `${from.zh} 的密码经验证有效。`),
		});
	},
	verify(finding) {
		return handsOf(finding).map(({credential}) => ({
			says: say(`\`${credential}\` logs in over TCP by its own route`, `\`${credential}\` 能以自己的路径通过 TCP 登录`),
			passes: see => passwordAccepted(see(clientLogin, credential)),
		}));
	},
});
