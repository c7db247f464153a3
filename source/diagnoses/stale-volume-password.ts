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
	name: say('An older password in the data directory', '数据目录里仍是旧密码'),
	title: () => say('The data directory keeps an older password', '数据目录里仍是旧密码'),
	about: say(
		'PostgreSQL takes `POSTGRES_PASSWORD` only when it initialises an empty data directory. Later changes in `.env` reach the clients and not the server, so nobody’s configured password fits any more. The data is whole.',
		'PostgreSQL 只在初始化空数据目录时读取 `POSTGRES_PASSWORD`。之后在 `.env` 里改密码只会传给客户端，不会传给服务器，于是所有配置的密码都对不上。数据完好无损。',
	),
	beware: say(
		'Do not delete the volume as many answers on the web say: every row is lost, and the password can be changed in place in a second.',
		'不要照网上的说法删除卷：那会丢失全部数据，而密码一秒钟就能原地改好。',
	),
	lookAlikes: [
		{
			id: 'client-password-drift',
			tell: say(
				'There the configured password of at least one other service fits the stored one; here nobody’s does.',
				'那种情况下至少有一个其他服务配置的密码与保存的一致；这里没有一个一致。',
			),
		},
		{
			id: 'env-value-mangled',
			tell: say(
				'There the password fits once a carriage return, a quote or a `$` is taken back; here it fits in no form.',
				'那种情况下还原回车符、引号或 `$` 之后密码就一致；这里无论怎样还原都不一致。',
			),
		},
		{
			id: 'role-missing',
			tell: say(
				'The client hears the same words. The server’s own log adds `Role "…" does not exist.` there, and only the matched line of pg_hba.conf here.',
				'客户端看到的报错相同。那种情况下服务器自己的日志会补充 `Role "…" does not exist.`；这里只补充匹配到的 pg_hba.conf 行。',
			),
		},
		{
			id: 'role-without-password',
			tell: say(
				'The client hears the same words. The server’s own log adds `has no password assigned.` there.',
				'客户端看到的报错相同。那种情况下服务器自己的日志会补充 `has no password assigned.`。',
			),
		},
		{
			id: 'auth-method-unsupported',
			tell: say(
				'There the configured password is the stored one, and the server’s own log adds `does not have a valid SCRAM secret.`',
				'那种情况下配置的密码就是保存的密码，服务器自己的日志会补充 `does not have a valid SCRAM secret.`。',
			),
		},
		{
			id: 'wrong-server',
			tell: say(
				'There the same password fits another database server of the deployment; here it fits none.',
				'那种情况下同一个密码与部署里的另一个数据库服务器相符；这里与哪个都不符。',
			),
		},
	],
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
