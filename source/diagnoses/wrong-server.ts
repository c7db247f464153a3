import {diagnosis, points} from '../core/diagnosis.ts';
import {list, say} from '../core/say.ts';
import {pointToService} from '../fixes/point-to-service.ts';
import {type ClientScope, fitsElsewhere, handOver} from '../probes/looks.ts';
import {sampleFacts} from './samples.ts';

export const wrongServer = diagnosis<ClientScope>({
	id: 'wrong-server',
	severity: 'failure',
	name: say('A client reaches another database server than its own', '客户端连到了不属于它的数据库服务器'),
	title: ({credential, database}) =>
		say(
			`${credential.service} reaches another database server than the one it belongs to (${database})`,
			`${credential.service} 连到了不属于它的数据库服务器（${database}）`,
		),
	about: say(
		'The client’s host name leads to a PostgreSQL server that knows nothing of its password, while another server of the deployment does: a leftover container, a shared alias, or a host variable that names the wrong service.',
		'客户端的主机名指向了一个与其密码不符的 PostgreSQL 服务器，而部署里另有一个服务器与之相符：可能是遗留容器、重复的别名，或主机变量写错了服务。',
	),
	beware: say(
		'Do not change the password on the server that it reaches: it belongs to somebody else.',
		'不要去改它现在连到的服务器的密码：那台服务器另有所属。',
	),
	lookAlikes: [
		{
			id: 'stale-volume-password',
			tell: say(
				'There the password fits no server of the deployment; here it fits another one than the client reaches.',
				'那种情况下密码与部署里哪个服务器都不符；这里与客户端所连之外的另一个相符。',
			),
		},
		{
			id: 'role-missing',
			tell: say(
				'There no server of the deployment has the role; here another one has it.',
				'那种情况下部署里哪个服务器都没有这个角色；这里另一个服务器有。',
			),
		},
		{
			id: 'data-dir-emptied',
			tell: say(
				'There the address is the right one and its data is gone; here `system_identifier` differs between the server that the client reaches and the one that fits.',
				'那种情况下地址没错，是数据不见了；这里客户端连到的服务器与相符的服务器 `system_identifier` 不同。',
			),
		},
	],
	certainty: (see, scope) => (fitsElsewhere(see, scope) ? 'certain' : 'likely'),
	because(see, scope) {
		const {credential, database} = scope;
		const right = fitsElsewhere(see, scope);
		const also = credential.leadsTo.kind === 'service' ? credential.leadsTo.also : [];
		return [
			points(
				say(
					`\`${credential.host}\` leads ${credential.service} to ${database}`,
					`\`${credential.host}\` 把 ${credential.service} 引到了 ${database}`,
				),
				'client-credentials',
			),
			...(also.length > 0
				? [
						points(
							say(
								`The name is shared: ${list([database, ...also]).en} answer to it in turn`,
								`这个名字有多个容器共用：${list([database, ...also]).zh} 轮流应答`,
							),
							'client-credentials',
						),
					]
				: []),
			...(right ? [points(say(`Its password fits ${right}`, `它的密码与 ${right} 相符`), 'password-proof')] : []),
		];
	},
	affects: (_see, {credential}) => [credential.service],
	key: ({credential}) => credential.host,
	hands: (see, scope) => ({...handOver(scope), candidates: [fitsElsewhere(see, scope)].filter(Boolean)}),
	fixes: [pointToService],
	examples: [
		() =>
			sampleFacts({
				secondDatabase: true,
				credentials: {api: {host: 'old_db', leadsTo: {kind: 'service', service: 'old_db', also: []}}},
			}),
	],
});
