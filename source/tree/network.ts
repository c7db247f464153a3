import {say} from '../core/say.ts';
import {asking, chapter, leaf, nothing} from '../core/walk.ts';
import {connectionRefused} from '../diagnoses/connection-refused.ts';
import {hostNotResolvable} from '../diagnoses/host-not-resolvable.ts';
import {networkDetached} from '../diagnoses/network-detached.ts';
import {socketMissing} from '../diagnoses/socket-missing.ts';
import {isDown} from '../probes/ailing.ts';
import {clientLogin} from '../probes/client-login.ts';
import {databaseReadiness} from '../probes/database-readiness.ts';
import {type ClientScope, clients, isExternal, isReadable, isRunning, portFits} from '../probes/looks.ts';

const ask = asking<ClientScope>();
const refused = leaf(connectionRefused);

export const network = chapter<ClientScope>(
	{
		id: 'network',
		title: say('Network: from client to database', '网络：从客户端到数据库'),
		each: see => clients(see).filter(scope => isReadable(see, scope)),
		unless: (see, {database}) =>
			isRunning(see, database) && !isDown(see, database) ? null : say(`${database} does not run`, `${database} 未运行`),
	},
	ask(
		({credential}) =>
			say(
				`Where does \`${credential.host}\` lead ${credential.service || 'the client'}?`,
				`\`${credential.host}\` 把 ${credential.service || '客户端'} 引向哪里？`,
			),
		(see, {credential}) => {
			if (isExternal(see)) return 'service';
			const {leadsTo, host} = credential;
			return leadsTo.kind === 'loopback' && host.startsWith('/') ? 'socket' : leadsTo.kind;
		},
		{
			'unknown-name': ask(
				say('Does a login from its network find the host?', '从它的网络登录能找到该主机吗？'),
				(see, {credential}) => (see(clientLogin, credential.id).outcome === 'no-host' ? 'no' : 'yes'),
				{no: leaf(hostNotResolvable), yes: nothing},
			),
			'other-network': leaf(networkDetached),
			loopback: refused,
			socket: leaf(socketMissing),
			outside: nothing,
			service: ask(
				({credential}) =>
					say(
						`Does a server listen at \`${credential.host}:${credential.port}\`?`,
						`\`${credential.host}:${credential.port}\` 有服务器在监听吗？`,
					),
				(see, scope) => {
					const {database, credential} = scope;
					const readiness = see(databaseReadiness, database);
					if (readiness.state === 'rejecting') return 'starting';
					if (readiness.state === 'no-answer' && ['initdb', 'init-scripts', 'starting'].includes(readiness.phase))
						return 'starting';
					if (readiness.state === 'accepting' && portFits(see, scope) !== false) return 'open';
					return see(clientLogin, credential.id).outcome === 'no-answer' ? 'refused' : 'open';
				},
				{starting: nothing, open: nothing, refused},
			),
		},
	),
);
