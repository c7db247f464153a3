import {say, type Text} from '../core/say.ts';
import type {Sighting} from './sightings.ts';

/** What follows from several sightings together, weighed like a message. */
export type Clue = {
	says: Text;
	/** The services whose lines show it. */
	services: string[];
	speaksFor: Readonly<Record<string, number>>;
	speaksAgainst?: Readonly<Record<string, number>>;
};

type Rule = (seen: (id: string) => Sighting[], all: readonly Sighting[]) => Clue | null;

const namesOf = (sightings: readonly Sighting[]): string[] => [
	...new Set(sightings.flatMap(({names}) => [...names.keys()])),
];
const servicesOf = (sightings: readonly Sighting[]): string[] => [...new Set(sightings.map(({service}) => service))];
const shown = (names: readonly string[]): string => names.slice(0, 6).join(', ');

/** Roles of operating systems: what a command logs in as when it names no role. */
const systemUsers = new Set([
	'root',
	'daemon',
	'nobody',
	'www-data',
	'node',
	'ubuntu',
	'ec2-user',
	'SYSTEM',
	'-U',
	'-d',
]);

/** Names that scanners of the internet try on every PostgreSQL that answers. */
const triedByScanners = new Set(
	`pgdbadm cloudsqladmin rdsadmin azure_superuser azuresu psql pgsql postgre postgresql admin administrator adm oracle mysql sa
	test tester user guest ubuntu odoo zabbix sonar sonarqube gitlab gitlab-ci jira confluence nagios hive superset airflow
	dbadmin dba backup replication repl repmgr pgbouncer pgadmin enterprisedb edb kong metabase grafana vagrant deploy dev demo
	prod web www ftp git jenkins hadoop tomcat scan nmap support service system unknown master default`.split(/\s+/),
);

/** A regular pulse between two seconds and two minutes, as a health check has it; null when there is none. */
export function pulse(times: readonly number[]): number | null {
	const sorted = [...new Set(times)].sort((a, b) => a - b);
	const gaps = sorted.slice(1).map((time, index) => time - (sorted[index] ?? 0));
	if (gaps.length < 2) return null;
	const middle = [...gaps].sort((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? 0;
	if (middle < 2000 || middle > 120_000) return null;
	const steady = gaps.filter(gap => Math.abs(gap - middle) <= middle * 0.15).length;
	return steady / gaps.length >= 0.7 ? middle : null;
}

const strangers: Rule = seen => {
	const unknown = [...seen('role-unknown-detail'), ...seen('role-unknown')];
	const refused = [...unknown, ...seen('password-refused'), ...seen('hba-without-line')];
	const names = namesOf(unknown).filter(name => !systemUsers.has(name));
	const tried = namesOf(refused).filter(name => triedByScanners.has(name.toLowerCase()));
	if (names.length < 4 && tried.length < 3 && !(tried.length === 2 && names.length > 2)) return null;
	return {
		says: say(
			`Somebody tries names that no configuration of one deployment holds: ${shown(namesOf(refused))}`,
			`有人在尝试一个部署的配置里不会同时出现的名称：${shown(namesOf(refused))}`,
		),
		services: servicesOf(refused),
		speaksFor: {'exposed-to-internet': 10},
		speaksAgainst: {'role-missing': 4, 'healthcheck-noise': 3, 'init-script-failed': 3, 'stale-volume-password': 3},
	};
};

const pulsing: Rule = seen => {
	for (const id of ['role-unknown', 'database-unknown', 'role-unknown-detail'])
		for (const sighting of seen(id)) {
			const gap = sighting.names.size === 1 ? pulse(sighting.times) : null;
			if (gap === null) continue;
			const [name = ''] = sighting.names.keys();
			return {
				says: say(
					`The login as or to ${name} is refused every ${Math.round(gap / 1000)} seconds, like the pulse of a health check`,
					`以 ${name} 登录（或登录到它）每 ${Math.round(gap / 1000)} 秒被拒绝一次，像健康检查的节奏`,
				),
				services: [sighting.service],
				speaksFor: {'healthcheck-noise': id === 'role-unknown-detail' ? 6 : 8.6},
				speaksAgainst: {'role-missing': 1.5, 'database-missing': 1.5},
			};
		}
	return null;
};

const systemUser: Rule = seen => {
	const unknown = [...seen('role-unknown'), ...seen('role-unknown-detail')];
	const names = namesOf(unknown).filter(name => systemUsers.has(name));
	if (names.length === 0 || names.length !== namesOf(unknown).length) return null;
	return {
		says: say(
			`${shown(names)} is a user of the operating system: a command that names no role, such as \`pg_isready\` without \`-U\`, logs in like that`,
			`${shown(names)} 是操作系统用户：没有指定角色的命令（例如不带 \`-U\` 的 \`pg_isready\`）会这样登录`,
		),
		services: servicesOf(unknown),
		speaksFor: {'healthcheck-noise': 8.8},
		speaksAgainst: {'role-missing': 2, 'init-script-failed': 2},
	};
};

const duringInitialisation: Rule = seen => {
	const running = [...seen('init-file-running'), ...seen('initialisation-running')];
	const complete = seen('initialisation-complete');
	const failing = [
		...seen('role-unknown'),
		...seen('relation-unknown'),
		...seen('object-denied'),
		...seen('database-unknown'),
		...seen('extension-not-available'),
		...seen('peer-or-ident-refused'),
		...seen('object-exists-already'),
		...seen('statement-not-understood'),
		...seen('constraint-violated'),
	];
	const hit = failing.find(({service, last}) =>
		running.some(mark => mark.service === service && mark.first < last && !complete.some(end => end.first < last)),
	);
	if (!hit || seen('init-file-running').length === 0) return null;
	return {
		says: say(
			'It happened while the scripts of the first start ran, before their end was reported',
			'它发生在首次启动脚本执行期间，且在脚本完成之前',
		),
		services: [hit.service],
		speaksFor: {'init-script-failed': 7.2},
	};
};

const skippedScripts: Rule = seen => {
	const skipped = seen('initialisation-skipped');
	const missing = [
		...seen('role-unknown'),
		...seen('role-unknown-detail'),
		...seen('database-unknown'),
		...seen('relation-unknown'),
		...seen('extension-not-available'),
	];
	if (skipped.length === 0 || missing.length === 0) return null;
	return {
		says: say(
			'The data directory existed already, so that the scripts and `POSTGRES_…` variables of a first start were not read',
			'数据目录早已存在，因此首次启动的脚本和 `POSTGRES_…` 变量都没有被读取',
		),
		services: servicesOf(skipped),
		speaksFor: {'init-scripts-skipped': 5.5},
	};
};

const oldData: Rule = seen => {
	const skipped = seen('initialisation-skipped');
	if (skipped.length === 0 || seen('password-refused').length === 0) return null;
	return {
		says: say(
			'The data directory existed already, so it keeps the password of its first start',
			'数据目录早已存在，保留着首次启动时的密码',
		),
		services: servicesOf(skipped),
		speaksFor: {'stale-volume-password': 6},
	};
};

const freshData: Rule = seen => {
	const fresh = [...seen('initialisation-complete')];
	if (fresh.length === 0 || seen('password-refused').length === 0 || seen('initialisation-skipped').length > 0)
		return null;
	return {
		says: say(
			'The data directory was made in this very log, with the password that is configured now',
			'数据目录正是在这份日志中创建的，用的就是当前配置的密码',
		),
		services: servicesOf(fresh),
		speaksFor: {'client-password-drift': 5.5},
		speaksAgainst: {'stale-volume-password': 2},
	};
};

const otherDoor: Rule = seen => {
	const refused = seen('password-refused');
	const here = refused.filter(({lines}) =>
		lines.some(line => /\b(?:localhost|127\.0\.0\.1)\b|::1\b|host\.docker\.internal/.test(line)),
	);
	const foreign = refused.filter(({lines}) =>
		lines.some(line => !/password authentication failed|28P01|SASL|P1000/i.test(line)),
	);
	const [from = []] = [here, foreign].filter(({length}) => length > 0);
	if (from.length === 0) return null;
	return {
		says:
			foreign.length > 0
				? say(
						'The refusal is not in English, and the official image speaks English: another PostgreSQL may have answered',
						'拒绝信息不是英文，而官方镜像使用英文：应答的可能是另一个 PostgreSQL',
					)
				: say(
						'The refused client asked this machine’s own address, where another PostgreSQL may listen',
						'被拒绝的客户端访问的是本机地址，那里可能有另一个 PostgreSQL 在监听',
					),
		services: servicesOf(from),
		// Just behind the password itself: most servers that answer are the right ones.
		speaksFor: {'wrong-server': 4.4},
	};
};

/** A server that starts is there within a minute or two. */
const patience = 150_000;
const refusedForLong: Rule = seen => {
	const long = [...seen('refused'), ...seen('waits-for-database')].filter(
		({firstAt, lastAt, count}) => count > 3 && firstAt !== null && lastAt !== null && lastAt - firstAt > patience,
	);
	if (long.length === 0) return null;
	return {
		says: say('Nobody answered for minutes: longer than a start takes', '数分钟内一直无应答：超过了启动所需的时间'),
		services: servicesOf(long),
		speaksFor: {'connection-refused': 5.5},
		speaksAgainst: {'starting-up': 1.5},
	};
};

/** Names that stand for redis, so that its missing name is not taken for the database’s. */
const otherHost: Rule = seen => {
	const unresolved = seen('name-not-resolved');
	const names = namesOf(unresolved);
	if (names.length === 0 || !names.every(name => /redis|valkey|cache/i.test(name))) return null;
	return {
		says: say(
			`The name that is not found is that of redis: ${shown(names)}`,
			`找不到的是 redis 的名称：${shown(names)}`,
		),
		services: servicesOf(unresolved),
		speaksFor: {'redis-unreachable': 8},
		speaksAgainst: {'host-not-resolvable': 0.5},
	};
};

/** What makes a database fail to start or to live explains every client that does not reach it. */
export const consequences: readonly string[] = [
	'starting-up',
	'connection-refused',
	'host-not-resolvable',
	'network-detached',
	'dependency-unhealthy',
	'nginx-upstream-down',
	'nginx-stale-upstream',
	'app-service-failing',
	'redis-unreachable',
];

/** Roles that init scripts of well-known applications make, with the password of the environment: Supabase, n8n. */
const madeByScripts = /^(?:supabase_(?!admin$)\w+|authenticator|dashboard_user|pgsodium_keymaker|\w*non_?root\w*)$/i;

const scriptedRole: Rule = seen => {
	const refused = [...seen('password-refused'), ...seen('role-unknown'), ...seen('role-unknown-detail')];
	const names = namesOf(refused).filter(name => madeByScripts.test(name));
	if (names.length === 0) return null;
	return {
		says: say(
			`${shown(names)} is made by an init script of the application, not by the image`,
			`${shown(names)} 由应用的初始化脚本创建，而不是由镜像创建`,
		),
		services: servicesOf(refused),
		speaksFor: {'init-script-failed': 4.8, 'init-scripts-skipped': 3.8},
	};
};

const recovering: Rule = seen => {
	const crashed = seen('not-properly-shut-down');
	const waiting = [...seen('server-starting'), ...seen('rejecting-connections')];
	if (crashed.length === 0 || waiting.length === 0) return null;
	return {
		says: say(
			'The start takes long because the server replays what was not written before it was stopped',
			'启动时间长，是因为服务器正在重放停止前未写入的内容',
		),
		services: servicesOf(crashed),
		speaksFor: {'crash-recovery': 7.2},
	};
};

const rules: readonly Rule[] = [
	strangers,
	pulsing,
	systemUser,
	duringInitialisation,
	skippedScripts,
	oldData,
	freshData,
	otherDoor,
	refusedForLong,
	otherHost,
	scriptedRole,
	recovering,
];

export function cluesOf(all: readonly Sighting[]): Clue[] {
	const seen = (id: string): Sighting[] => all.filter(({message}) => message.id === id);
	return rules.flatMap(rule => rule(seen, all) ?? []);
}
