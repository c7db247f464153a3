import {type Check, fix} from '../core/fix.ts';
import type {See} from '../core/probe.ts';
import {say} from '../core/say.ts';
import {clientCredentials} from '../probes/client-credentials.ts';
import {clientLogin} from '../probes/client-login.ts';
import {composeFiles} from '../probes/compose-files.ts';
import {databaseReadiness} from '../probes/database-readiness.ts';
import {isExternal} from '../probes/looks.ts';
import {handsOf, unique} from './parts/hands.ts';
import {passwordAccepted} from './parts/login-checks.ts';
import {externalHasNoFiles} from './parts/login-plan.ts';
import {planMangled} from './parts/mangled-value.ts';
import {planMissing} from './parts/missing-variable.ts';

/** Credentials of a service whose password is the variable that was missing. */
const takers = (see: See, service: string, uses: readonly {service: string; key: string}[]): string[] =>
	see(clientCredentials)
		.filter(one => one.service === service && one.purpose === 'client')
		.filter(({variables}) =>
			uses.some(use => use.service === service && [variables.password, variables.url].includes(use.key)),
		)
		.map(({id}) => id);

export const fixEnvFile = fix({
	id: 'fix-env-file',
	title: say('Repair the entry in the configuration file', '修复配置文件中的条目'),
	risk: 'restarts',
	about: say(
		'Rewrites one entry of `.env` or of the Compose file so that the container gets exactly the value that is meant. Comments, order and all other lines stay as they are.',
		'改写 `.env` 或 Compose 文件中的一个条目，使容器得到的正是所要的值。注释、顺序和其他行都保持不变。',
	),
	limits: say(
		'An editor or a script that writes the file anew brings the fault back: save it with plain line ends and keep the quotes.',
		'若编辑器或脚本重新生成该文件，问题会再次出现：请用普通换行符保存，并保留引号。',
	),
	offered: see => !isExternal(see),
	settings: [{key: 'value', says: say('The value of the missing variable', '缺失变量的值'), secret: true}],
	plan(see, finding, settings) {
		if (isExternal(see)) return externalHasNoFiles;
		const hands = handsOf(finding);
		return hands.some(({mangling}) => mangling !== '')
			? planMangled(see, finding)
			: planMissing(see, finding, settings);
	},
	verify(finding) {
		return handsOf(finding).flatMap(({credential, database, name, uses}): Check[] => {
			if (credential !== '')
				return [
					{
						says: say(
							`\`${credential}\` logs in over TCP by its own route`,
							`\`${credential}\` 能以自己的路径通过 TCP 登录`,
						),
						passes: see => passwordAccepted(see(clientLogin, credential)),
					},
				];
			return [
				{
					says: say(`\`${name}\` has a value wherever it is used`, `所有用到 \`${name}\` 的地方都有值`),
					passes: see => !see(composeFiles).uses.some(use => use.name === name && !use.defined),
				},
				...(database === ''
					? []
					: [
							{
								says: say(`${database} accepts connections over TCP`, `${database} 接受 TCP 连接`),
								passes: (see: See) => see(databaseReadiness, database).state === 'accepting',
							},
						]),
				...unique(uses.map(({service}) => service)).map(service => ({
					says: say(`Whatever ${service} logs in with is accepted`, `${service} 的登录凭据被接受`),
					passes: (see: See) => takers(see, service, uses).every(id => passwordAccepted(see(clientLogin, id))),
				})),
			];
		});
	},
});
