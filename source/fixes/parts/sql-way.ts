import type {Catalog} from '../../core/catalog.ts';
import type {ClientCredential, ServiceState} from '../../core/deployment.ts';
import type {See} from '../../core/probe.ts';
import {say, type Text} from '../../core/say.ts';
import type {SqlWay} from '../../core/sql-way.ts';
import {type SqlRoute, sqlRoutes} from '../../core/write-world.ts';
import {clientCredentials} from '../../probes/client-credentials.ts';
import {dataDirectory} from '../../probes/data-directory.ts';
import {databaseCatalog} from '../../probes/database-catalog.ts';
import {databaseOf, isExternal, serviceNamed} from '../../probes/looks.ts';
import {passwordProof} from '../../probes/password-proof.ts';

export type ChosenWay = {
	kind: 'way';
	way: SqlWay;
	why: Text;
	/** The server has to be stopped first and started again afterwards. */
	stops: boolean;
	service: ServiceState | null;
	catalog: Catalog | null;
};

export type NoWay = {kind: 'none'; why: Text; asksPassword: boolean};

const words: Record<SqlRoute, Text> = {
	socket: say(
		'over the local socket inside the container, which `pg_hba.conf` trusts: nothing has to stop and no old password is needed',
		'通过容器内的本地套接字（`pg_hba.conf` 已信任）：无需停机，也不需要旧密码',
	),
	tcp: say('over TCP with a password that is known to work', '通过 TCP，使用一个已知有效的密码'),
	'socket-line': say(
		'the local socket asks for a password nobody knows, so one line in `pg_hba.conf` opens the socket (and only the socket, for one role) for a few seconds; the file is restored byte for byte',
		'本地套接字要求一个无人知晓的密码，因此在 `pg_hba.conf` 中临时加一行，只对一个角色开放本地套接字几秒钟；随后文件按字节恢复',
	),
	'private-server': say(
		'the server is stopped: a private server without any network runs on its data directory for a moment',
		'服务器处于停止状态：在其数据目录上短暂运行一个没有任何网络的私有服务器',
	),
	'single-user': say(
		'the server is stopped: PostgreSQL in single-user mode changes the role, without any network',
		'服务器处于停止状态：用 PostgreSQL 单用户模式修改角色，不经过任何网络',
	),
};

const none = (why: Text, asksPassword = false): NoWay => ({kind: 'none', why, asksPassword});

const isRoute = (text: string): text is SqlRoute => (sqlRoutes as readonly string[]).includes(text);

const initialOf = (see: See, database: string): ClientCredential | null =>
	see(clientCredentials).find(one => one.purpose === 'initial' && one.service === database) ?? null;

/** The credentials that mean this one server, its own initial one included. */
export const credentialsOf = (see: See, database: string): ClientCredential[] =>
	see(clientCredentials).filter(one =>
		one.purpose === 'initial' ? one.service === database : databaseOf(see, one) === database,
	);

/** Password references that are proven to work, best first: the role itself, then the role the server was initialised with. */
function known(see: See, database: string, role: string, settings: Readonly<Record<string, string>>) {
	const databaseFor = (user: string): string =>
		credentialsOf(see, database).find(one => one.user === user && one.database !== '')?.database ?? 'template1';
	if (settings['old-password'] !== undefined)
		return {
			user: settings['old-user'] || role,
			secret: 'setting:old-password',
			database: databaseFor(settings['old-user'] || role),
		};
	const proof = see(passwordProof, database);
	const names = [initialOf(see, database)?.user ?? '', role].filter(name => name !== '');
	for (const name of names) {
		const candidate = proof.known.find(one => one.role === name);
		if (candidate) return {user: name, secret: candidate.reference, database: databaseFor(name)};
		const fits = credentialsOf(see, database).find(
			one =>
				one.user === name && proof.proofs.some(({credential, verdict}) => credential === one.id && verdict === 'fits'),
		);
		if (fits) return {user: name, secret: fits.id, database: databaseFor(name)};
	}
	return null;
}

/**
 * Chooses how to reach the server for a change: the best that applies, or the one the user insists on.
 * @param role the role that shall be changed; it may change its own password
 */
export function chooseWay(
	see: See,
	database: string,
	role: string,
	settings: Readonly<Record<string, string>>,
): ChosenWay | NoWay {
	const wanted = settings['route'] ?? '';
	if (wanted !== '' && !isRoute(wanted))
		return none(
			say(
				`There is no route \`${wanted}\`; there are: ${sqlRoutes.join(', ')}.`,
				`没有 \`${wanted}\` 这条路径；可选：${sqlRoutes.join('、')}。`,
			),
		);
	const service = isExternal(see) ? null : serviceNamed(see, database);
	const superuser = initialOf(see, database)?.user ?? null;
	const way = (route: SqlRoute, via: SqlWay['via'] = null, catalog: Catalog | null = null): ChosenWay => ({
		kind: 'way',
		way: {route, via, superuser: catalog?.superuser ?? superuser},
		why: words[route],
		stops: service?.status === 'running' && (route === 'private-server' || route === 'single-user'),
		service,
		catalog,
	});

	if (!service) {
		if (!isExternal(see))
			return none(say(`The deployment has no service \`${database}\`.`, `该部署没有 \`${database}\` 服务。`));
		const reading = see(databaseCatalog, database);
		if (reading.kind === 'read' && (wanted === '' || wanted === 'socket')) return way('socket', null, reading.catalog);
		if (wanted !== '' && wanted !== 'tcp')
			return none(
				say(
					`The route \`${wanted}\` needs a container or a readable local socket.`,
					`\`${wanted}\` 这条路径需要容器或可用的本地套接字。`,
				),
			);
		const via = known(see, database, role, settings);
		return via
			? way('tcp', via)
			: none(
					say(
						'The server’s local socket can’t be used from here and no old password is known.',
						'此处无法使用服务器的本地套接字，也没有已知的旧密码。',
					),
					true,
				);
	}

	if (service.status === 'missing')
		return none(
			say(
				`\`${database}\` has no container; create it with \`docker compose up -d ${database}\` first.`,
				`\`${database}\` 没有容器；请先用 \`docker compose up -d ${database}\` 创建。`,
			),
		);
	const stopped = service.status === 'exited' || service.status === 'created';
	const offline = wanted === 'private-server' || wanted === 'single-user';
	if (stopped || offline) {
		const data = see(dataDirectory, database);
		if (!stopped && service.status !== 'running')
			return none(
				say(
					`\`${database}\` is ${service.status}: stop it first with \`docker stop ${service.name}\`.`,
					`\`${database}\` 处于 ${service.status} 状态：请先执行 \`docker stop ${service.name}\`。`,
				),
			);
		if (stopped && !offline && wanted !== '')
			return none(
				say(
					`\`${database}\` does not run, so the route \`${wanted}\` can’t be used.`,
					`\`${database}\` 未运行，无法使用 \`${wanted}\` 路径。`,
				),
			);
		if (data.kind === 'none' || data.kind === 'outside')
			return none(
				say(
					'The data lives in the container’s own layer and can’t be mounted elsewhere; start the container first.',
					'数据位于容器自身的可写层，无法挂载到别处；请先启动容器。',
				),
			);
		if (data.majorVersion === null && stopped)
			return none(say('There is no initialised data directory.', '没有已初始化的数据目录。'));
		const others = data.sharedWith;
		if (others.length > 0)
			return none(
				say(
					`The data directory is also mounted by ${others.join(', ')}; a second server on it would destroy it. Stop those first.`,
					`数据目录还被 ${others.join('、')} 挂载；再启动一个服务器会毁坏数据。请先停止它们。`,
				),
			);
		return way(wanted === 'single-user' ? 'single-user' : 'private-server');
	}

	const reading = see(databaseCatalog, database);
	if (reading.kind === 'not-running')
		return none(
			say(
				`\`${database}\` runs but its server does not answer yet; wait until it is ready.`,
				`\`${database}\` 容器在运行，但服务器尚未应答；请等待其就绪。`,
			),
		);
	if (reading.kind === 'read' && (wanted === '' || wanted === 'socket')) return way('socket', null, reading.catalog);
	if (wanted === 'socket') return none(say('The local socket asks for a password.', '本地套接字要求密码。'));
	if (wanted !== 'socket-line') {
		const via = known(see, database, role, settings);
		if (via) return way('tcp', via, reading.kind === 'read' ? reading.catalog : null);
		if (wanted === 'tcp') return none(say('No old password is known.', '没有已知的旧密码。'), true);
	}
	return way('socket-line', null, reading.kind === 'read' ? reading.catalog : null);
}

/** What a plan over this way assumes about the world. */
export const assumptions = ({service, catalog}: ChosenWay): Record<string, string> => ({
	...(service ? {[`container:${service.service}`]: service.id} : {}),
	...(service && catalog ? {[`system-identifier:${service.service}`]: catalog.systemIdentifier} : {}),
});

/** Settings that every fix which speaks SQL accepts. */
export const waySettings = [
	{
		key: 'route',
		says: say('How to reach the server', '以何种路径连接服务器'),
		secret: false,
		choices: [...sqlRoutes],
	},
	{key: 'old-password', says: say('A password that still works', '仍然有效的旧密码'), secret: true},
	{key: 'old-user', says: say('The role that this password belongs to', '该密码所属的角色'), secret: false},
];
