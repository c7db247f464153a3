import {diagnosis, type Evidence, opposes, points} from '../core/diagnosis.ts';
import {say} from '../core/say.ts';
import {changePassword} from '../fixes/change-password.ts';
import {resetVolume} from '../fixes/reset-volume.ts';
import {useStoredPassword} from '../fixes/use-stored-password.ts';
import {dataDirectory} from '../probes/data-directory.ts';
import {
	type ClientScope,
	databaseName,
	handOver,
	isExternal,
	proofOf,
	serviceNamed,
	siblings,
} from '../probes/looks.ts';
import {serviceLog} from '../probes/service-log.ts';
import {sampleFacts} from './samples.ts';

export const staleVolumePassword = diagnosis<ClientScope>({
	id: 'stale-volume-password',
	severity: 'failure',
	title: () => say('The data directory keeps an older password', '数据目录里仍是旧密码'),
	about: say(
		'PostgreSQL takes `POSTGRES_PASSWORD` only when it initialises an empty data directory. Later changes in `.env` reach the clients and not the server, so nobody’s configured password fits any more. The data is whole.',
		'PostgreSQL 只在初始化空数据目录时读取 `POSTGRES_PASSWORD`。之后在 `.env` 里改密码只会传给客户端，不会传给服务器，于是所有配置的密码都对不上。数据完好无损。',
	),
	beware: say(
		'Do not delete the volume as many answers on the web say: every row is lost, and the password can be changed in place in a second.',
		'不要照网上的说法删除卷：那会丢失全部数据，而密码一秒钟就能原地改好。',
	),
	certainty: (see, scope) =>
		['verifier', 'login'].includes(proofOf(see, scope.database, scope.credential.id)?.method ?? 'none')
			? 'certain'
			: 'likely',
	because(see, scope) {
		const {database, credential} = scope;
		const proof = proofOf(see, database, credential.id);
		const evidence: Evidence[] = [];
		const who = credential.service || 'the client';
		const whoZh = credential.service || '客户端';
		evidence.push(
			proof?.method === 'login'
				? points(
						say(
							`A real login as ${who} was refused: ${proof.login?.message ?? ''}`,
							`以 ${whoZh} 的身份实际登录被拒绝：${proof.login?.message ?? ''}`,
						),
						'password-proof',
					)
				: points(
						say(
							`The password of ${who} does not fit what the server keeps for \`${credential.user}\``,
							`${whoZh} 的密码与服务器为 \`${credential.user}\` 保存的不一致`,
						),
						'password-proof',
					),
		);
		const initial = siblings(see, scope).find(({purpose}) => purpose === 'initial');
		if (initial && initial.sameAs === credential.sameAs)
			evidence.push(
				points(
					say(
						`${database} itself is configured with the same password: the server would have it if it were new`,
						`${database} 自己配置的也是这个密码：若是新初始化的服务器，就会使用它`,
					),
					'client-credentials',
				),
			);
		if (!isExternal(see)) {
			const directory = see(dataDirectory, database);
			const created = serviceNamed(see, database)?.createdAt;
			if (directory.initialisedAt && created)
				evidence.push(
					Date.parse(directory.initialisedAt) < Date.parse(created)
						? points(
								say(
									`The data directory was initialised at ${directory.initialisedAt}, before this container was created (${created})`,
									`数据目录初始化于 ${directory.initialisedAt}，早于本容器的创建时间（${created}）`,
								),
								'data-directory',
								directory.initialisedAt,
							)
						: opposes(
								say(
									'The data directory is not older than the container: somebody changed the password inside the server',
									'数据目录并不早于容器：可能有人在服务器里改过密码',
								),
								'data-directory',
								directory.initialisedAt,
							),
				);
			const refusal = see(serviceLog, database).events.findLast(
				({severity, text}) =>
					severity === 'FATAL' &&
					text.includes('password authentication failed') &&
					text.includes(`"${credential.user}"`),
			);
			if (refusal)
				evidence.push(
					points(
						say(`${database} logged: ${refusal.text}`, `${database} 的日志：${refusal.text}`),
						`log of ${database}`,
						refusal.at,
					),
				);
		} else
			evidence.push(
				points(
					say(`The server is ${databaseName(see, database)}`, `服务器是 ${databaseName(see, database)}`),
					'deployment-target',
				),
			);
		return evidence;
	},
	affects: (_see, {credential}) => (credential.service ? [credential.service] : []),
	key: ({database, credential}) => `${database} ${credential.user}`,
	hands: (_see, scope) => handOver(scope),
	on: ({database}) => database || null,
	fixes: [changePassword, useStoredPassword, resetVolume],
	examples: [
		() =>
			sampleFacts({
				services: {api: {status: 'restarting', restartCount: 6, exitCode: 1}},
				proofs: {api: {verdict: 'wrong'}, worker: {verdict: 'wrong'}, db: {verdict: 'wrong'}},
			}),
	],
});
