import type {ClientCredential} from '../core/deployment.ts';
import type {Finding} from '../core/diagnosis.ts';
import {fix, type PlanAnswer} from '../core/fix.ts';
import {ifKnown} from '../core/if-known.ts';
import type {See} from '../core/probe.ts';
import {list, say, type Text} from '../core/say.ts';
import {clientLogin} from '../probes/client-login.ts';
import {catalogOf, databases, isExternal, isRunning, proofOf} from '../probes/looks.ts';
import {together} from './parts/configure.ts';
import {credentialsIn, handsOf, unique} from './parts/hands.ts';
import {configurationPlan, externalHasNoFiles, notApplicable} from './parts/login-plan.ts';
import {pointTo} from './parts/point-to.ts';

type Target = {kind: 'target'; service: string; why: Text};

/** The server that is meant: named by the user, the only one, or the only one where the clients' passwords fit. */
function choose(
	see: See,
	finding: Finding,
	credentials: readonly ClientCredential[],
	wanted: string | undefined,
): Target | Exclude<PlanAnswer, {kind: 'plan'}> {
	const all = databases(see);
	const offered = unique(handsOf(finding).flatMap(({candidates}) => candidates)).filter(name => all.includes(name));
	const candidates = offered.length > 0 ? offered : all;
	if (wanted !== undefined && !all.includes(wanted))
		return notApplicable(
			say(
				`There is no database service \`${wanted}\`; there are: ${list(all).en}.`,
				`没有数据库服务 \`${wanted}\`；可选：${list(all).zh}。`,
			),
		);
	const fits = candidates.filter(
		name => isRunning(see, name) && credentials.every(({id}) => proofOf(see, name, id)?.verdict === 'fits'),
	);
	const [only] = wanted !== undefined ? [wanted] : candidates.length === 1 ? candidates : fits.length === 1 ? fits : [];
	if (only === undefined)
		return {
			kind: 'asks',
			settings: [
				{
					key: 'service',
					says: say('The database service to use', '要使用的数据库服务'),
					secret: false,
					choices: [...candidates],
				},
			],
			why: say(
				'There are several database services, and the passwords don’t tell which is meant.',
				'有多个数据库服务，从密码无法判断应使用哪一个。',
			),
		};
	if (wanted !== undefined)
		return {kind: 'target', service: only, why: say(`You chose \`${only}\`.`, `你选择了 \`${only}\`。`)};
	return {
		kind: 'target',
		service: only,
		why: fits.includes(only)
			? say(`The clients’ passwords fit \`${only}\`.`, `客户端的密码与 \`${only}\` 相符。`)
			: say(`\`${only}\` is the only database service here.`, `\`${only}\` 是这里唯一的数据库服务。`),
	};
}

/** Host and port are right already: then it is the server that does not listen where it should. */
function listensElsewhere(see: See, server: string, port: number): Text {
	const listens = ifKnown(() => catalogOf(see, server))?.listenAddresses ?? '';
	return say(
		`The clients point to \`${server}:${port}\` already. The server listens on \`${listens}\` only: take \`listen_addresses\` out of its command or configuration, or set it to \`*\`, then \`docker compose up -d ${server}\`.`,
		`客户端已经指向 \`${server}:${port}\`。服务器只监听 \`${listens}\`：请从其启动命令或配置中去掉 \`listen_addresses\`，或设为 \`*\`，然后执行 \`docker compose up -d ${server}\`。`,
	);
}

export const pointToService = fix({
	id: 'point-to-service',
	title: say('Point the client to the right database service', '让客户端指向正确的数据库服务'),
	risk: 'restarts',
	about: say(
		'Sets the host (and the port, when it is wrong) in the client’s configuration to the database service of this deployment.',
		'在客户端配置中把主机（端口不对时也包括端口）改为本部署的数据库服务。',
	),
	limits: say(
		'It does not protect against a second container that answers to the same name, nor against the service being renamed again.',
		'若另有容器使用同一个名字，或服务再次改名，问题仍会出现。',
	),
	offered: see => !isExternal(see),
	settings: [{key: 'service', says: say('The database service to use', '要使用的数据库服务'), secret: false}],
	plan(see, finding, settings) {
		if (isExternal(see)) return externalHasNoFiles;
		const credentials = credentialsIn(see, finding);
		const target = choose(see, finding, credentials, settings['service']);
		if (target.kind !== 'target') return target;
		const {service: server} = target;
		const port = ifKnown(() => catalogOf(see, server))?.port ?? 5432;
		const wrong = credentials.filter(({host, port: own}) => host !== server || own !== port);
		if (wrong.length === 0) return notApplicable(listensElsewhere(see, server, port));
		const all = wrong.map(credential => pointTo(see, credential, server, port));
		const without = all.find(one => 'why' in one);
		if (without) return notApplicable(without.why);
		return configurationPlan(see, finding, {
			fix: 'point-to-service',
			edits: together(all.filter(one => 'steps' in one)),
			route: target.why,
			database: server,
		});
	},
	verify(finding) {
		return handsOf(finding).map(({credential}) => ({
			says: say(`\`${credential}\` reaches a database server`, `\`${credential}\` 能连到数据库服务器`),
			// Whether it is let in there is another question, and the whole tree asks it.
			passes: see => ['ok', 'refused'].includes(see(clientLogin, credential).outcome),
		}));
	},
});
