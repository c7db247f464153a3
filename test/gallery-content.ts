import {type Finding, opposes, points} from '../source/core/diagnosis.ts';
import type {ShownStep} from '../source/core/event.ts';
import type {Plan} from '../source/core/fix.ts';
import type {DiagnosisReport} from '../source/core/report.ts';
import {say, type Text} from '../source/core/say.ts';
import type {ReadLog} from '../source/core/session.ts';
import type {PathStep} from '../source/core/walk.ts';
import type {ComposeProject, LogLine, Target} from '../source/core/world.ts';

// What the scenes of the gallery are about: a Dify deployment whose volume is older than its `.env`.

export const target: Target = {kind: 'compose', project: 'docker', stack: 'dify'};

export const projects: ComposeProject[] = [
	{
		name: 'docker',
		running: 6,
		total: 9,
		workingDirectory: '/home/lin/dify/docker',
		configFiles: ['/home/lin/dify/docker/docker-compose.yaml'],
		stack: 'dify',
	},
	{
		name: 'gitea',
		running: 2,
		total: 2,
		workingDirectory: '/srv/gitea',
		configFiles: ['/srv/gitea/compose.yaml'],
		stack: 'generic',
	},
	{
		name: 'old-wiki',
		running: 0,
		total: 3,
		workingDirectory: '/home/lin/archive/a-folder-with-a-rather-long-name/wiki-before-the-move',
		configFiles: [],
		stack: 'generic',
	},
];

const yes = say('yes', '是');
const nobody = say('no, and nobody’s does', '否，所有配置都不相符');

const asks = (chapter: string, subject: string | null, question: Text, answer: Text): PathStep => ({
	chapter,
	subject,
	question,
	answer,
});

export const path: PathStep[] = [
	asks('engine', null, say('Does the Docker engine answer?', 'Docker 引擎有响应吗？'), say('it answers', '有响应')),
	asks(
		'project',
		'db',
		say('Is a password damaged on its way from `.env` into db?', '密码从 `.env` 传到 db 的途中损坏了吗？'),
		say('no', '没有'),
	),
	asks('start-up', 'db', say('Does db run?', 'db 在运行吗？'), say('running', '运行中')),
	asks('start-up', 'db', say('Does db accept connections over TCP?', 'db 通过 TCP 接受连接吗？'), yes),
	asks(
		'resources',
		'web',
		say('Was web killed?', 'web 是被强制终止的吗？'),
		say('by the kernel, for lack of memory', '内存不足，被内核终止'),
	),
	asks(
		'network',
		'api',
		say('Where does the name `db` lead from api?', '在 api 中，名称 `db` 指向哪里？'),
		say('to a server of this deployment', '本部署的服务器'),
	),
	asks(
		'access',
		'api',
		say('Does the password of api fit the one stored for `postgres`?', 'api 的密码与为 `postgres` 保存的一致吗？'),
		nobody,
	),
	asks(
		'access',
		'worker',
		say(
			'Does the password of worker fit the one stored for `postgres`?',
			'worker 的密码与为 `postgres` 保存的一致吗？',
		),
		nobody,
	),
	asks(
		'access',
		'plugin_daemon',
		say(
			'Does the password of plugin_daemon fit the one stored for `postgres`?',
			'plugin_daemon 的密码与为 `postgres` 保存的一致吗？',
		),
		nobody,
	),
];

export const stale: Finding = {
	id: 'stale-volume-password',
	chapter: 'access',
	subject: 'db',
	severity: 'failure',
	certainty: 'certain',
	title: say('The data directory keeps an older password', '数据目录里仍是旧密码'),
	about: say(
		'PostgreSQL takes `POSTGRES_PASSWORD` only when it initialises an empty data directory. Later changes in `.env` reach the clients and not the server, so nobody’s configured password fits any more. The data is whole.',
		'PostgreSQL 只在初始化空数据目录时读取 `POSTGRES_PASSWORD`。之后在 `.env` 里改密码只会传给客户端，不会传给服务器，于是所有配置的密码都对不上。数据完好无损。',
	),
	beware: say(
		'Do not delete the volume as many answers on the web say: every row is lost, and the password can be changed in place in a second.',
		'不要照网上的说法删除卷：那会丢失全部数据，而密码一秒钟就能原地改好。',
	),
	because: [
		points(
			say(
				'The password of api does not fit what the server keeps for `postgres`',
				'api 的密码与服务器为 `postgres` 保存的不一致',
			),
			'password-proof',
		),
		points(
			say(
				'db itself is configured with the same password: the server would have it if it were new',
				'db 自己配置的也是这个密码：若是新初始化的服务器，就会使用它',
			),
			'client-credentials',
		),
		points(
			say(
				'The data directory was initialised at 2026-03-02T08:14:09Z, before this container was created (2026-11-20T21:40:02Z)',
				'数据目录初始化于 2026-03-02T08:14:09Z，早于本容器的创建时间（2026-11-20T21:40:02Z）',
			),
			'data-directory',
			'2026-03-02T08:14:09Z',
		),
		points(
			say(
				'db logged: password authentication failed for user "postgres"',
				'db 的日志：password authentication failed for user "postgres"',
			),
			'log of db',
			'2026-11-21T02:13:44Z',
		),
		opposes(
			say('One login as `postgres` has succeeded since the last start', '自上次启动以来，`postgres` 成功登录过一次'),
			'log of db',
			'2026-11-21T02:01:10Z',
		),
	],
	affects: ['api', 'worker', 'plugin_daemon', 'nginx'],
	fixes: [
		{
			id: 'change-password',
			title: say('Give the role the configured password, in place', '就地把角色的密码改为配置中的密码'),
			risk: 'changes-data',
			recommended: true,
		},
		{
			id: 'use-stored-password',
			title: say('Configure the password that the database already keeps', '把配置改成数据库里已有的密码'),
			risk: 'restarts',
			recommended: false,
		},
		{
			id: 'reset-volume',
			title: say(
				'Start over with an empty data directory, and keep the old one',
				'用空的数据目录重新开始，并保留旧数据',
			),
			risk: 'destroys-data',
			recommended: false,
		},
	],
	noFix: null,
	hands: [],
};

export const oom: Finding = {
	id: 'oom-killed',
	chapter: 'resources',
	subject: 'web',
	severity: 'failure',
	certainty: 'certain',
	title: say('web was killed because it ran out of memory', 'web 因内存不足被强制终止'),
	about: say(
		'The kernel ended the main process of the container because it went over its memory limit, or because the whole host had no memory left. Exit code 137 is 128 + signal 9.',
		'容器主进程超出内存上限，或整台主机内存耗尽，内核因此终止了它。退出码 137 即 128 + 信号 9。',
	),
	beware: say(
		'A restart alone brings it back only until it needs the same memory again.',
		'只重启没有用：再次需要同样多的内存时还会被终止。',
	),
	because: [
		points(
			say(
				'`docker inspect` of web: exit code 137, `OOMKilled: true`',
				'`docker inspect` 查看 web：退出码 137，`OOMKilled: true`',
			),
			'deployment-state',
			'2026-11-21T02:10:31Z',
		),
		points(say('Its memory limit is 64 MiB', '它的内存上限是 64 MiB'), 'deployment-state'),
	],
	affects: ['web'],
	fixes: [],
	noFix: say(
		'Raise `mem_limit` of web in the Compose file, or lower what it needs (`PM2_INSTANCES=1`), then `docker compose up -d`.',
		'在 Compose 文件里调高 web 的 `mem_limit`，或降低它的用量（`PM2_INSTANCES=1`），然后执行 `docker compose up -d`。',
	),
	hands: [],
};

const loops = (service: string, times: number) => ({
	id: `${service}:restarting`,
	service,
	kind: 'restarting' as const,
	says: say(
		`${service} keeps restarting (${times} times, last exit code 1)`,
		`${service} 反复重启（${times} 次，最近退出码 1）`,
	),
	lines: [
		'psycopg2.OperationalError: connection to server at "db" (172.19.0.3), port 5432 failed: FATAL:  password authentication failed for user "postgres"',
	],
	explainedBy: ['stale-volume-password'],
});

export const report: DiagnosisReport = {
	target,
	observedAt: '2026-11-21T02:14:03Z',
	symptoms: [
		loops('api', 12),
		loops('worker', 12),
		loops('plugin_daemon', 9),
		{
			id: 'nginx:answers-5xx',
			service: 'nginx',
			kind: 'answers-5xx',
			says: say('nginx answers with a server error (5xx)', 'nginx 返回服务器错误（5xx）'),
			lines: [
				'connect() failed (111: Connection refused) while connecting to upstream, client: 192.168.1.20, upstream: "http://172.19.0.6:5001/console/api/setup"',
			],
			explainedBy: ['stale-volume-password'],
		},
		{
			id: 'web:killed',
			service: 'web',
			kind: 'killed',
			says: say('web was killed (exit code 137)', 'web 被强制终止（退出码 137）'),
			lines: [],
			explainedBy: ['oom-killed'],
		},
	],
	diagnoses: [stale, oom],
	unexplained: [],
	unknown: [],
	skipped: [],
	path,
};

export const healthy: DiagnosisReport = {...report, symptoms: [], diagnoses: [], path: path.slice(0, 6)};

/** Something fails and the tree does not know why: said as it is. */
export const unexplained: DiagnosisReport = {
	...healthy,
	symptoms: [
		{
			id: 'sandbox:restarting',
			service: 'sandbox',
			kind: 'restarting',
			says: say('sandbox keeps restarting (4 times, last exit code 2)', 'sandbox 反复重启（4 次，最近退出码 2）'),
			lines: ['panic: open conf/config.yaml: no such file or directory', 'goroutine 1 [running]:'],
			explainedBy: [],
		},
	],
	unexplained: ['sandbox:restarting'],
	unknown: [{probe: 'database-catalog db', why: say('no answer within 5 s', '5 秒内没有回答')}],
	skipped: [{chapter: 'access', why: say('db does not accept logins yet', 'db 尚不接受登录')}],
};

export const engineDown: Finding = {
	...oom,
	id: 'docker-unreachable',
	chapter: 'engine',
	subject: null,
	title: say('The Docker engine does not answer', 'Docker 引擎没有响应'),
	about: say(
		'Nothing listens where the Docker engine is expected, so no container can be looked at.',
		'预期位置没有 Docker 引擎在监听，因此无法查看任何容器。',
	),
	beware: null,
	because: [
		points(
			say(
				'No answer at `unix:///var/run/docker.sock`: connect ENOENT',
				'`unix:///var/run/docker.sock` 没有回答：connect ENOENT',
			),
			'engine-info',
		),
	],
	affects: [],
	noFix: say(
		'Start the engine (`systemctl start docker`), or name the right one with `--host` or `--context`; then ask again.',
		'启动引擎（`systemctl start docker`），或用 `--host`、`--context` 指定正确的引擎，然后重新检查。',
	),
};

/** What a container may try to write on the reader's screen. */
export const hostileText =
	'\x1b[2J\x1b[1;1H\x1b]0;owned\x07✔ everything is fine \x1b[31mFATAL\x1b[0m\r\n\x1b[?1049l\x08\x08\x9b31m 数据库\u202e错误\u200b 🐘 e\u0301\u0301\u0301\u0301\u0301\u0301\u0301 \ud800 | ' +
	'x'.repeat(300);

const shown = (step: string, says: Text, like: string, risk: string, undo: Text | null = null): ShownStep => ({
	step,
	input: {},
	says,
	like,
	risk,
	undo,
});

export const shownSteps: ShownStep[] = [
	shown(
		'save-evidence',
		say(
			'Save the logs and the state of db, api, worker and plugin_daemon',
			'保存 db、api、worker、plugin_daemon 的日志与状态',
		),
		'docker compose logs --no-color --timestamps db api worker plugin_daemon\ndocker inspect docker-db-1 docker-api-1 docker-worker-1 docker-plugin_daemon-1',
		'none',
		say('Nothing to undo: it only reads.', '无需撤销：只读取。'),
	),
	shown(
		'set-role-password',
		say(
			'Give role `postgres` the password of `api:DB_PASSWORD`',
			'把角色 `postgres` 的密码改为 `api:DB_PASSWORD` 的密码',
		),
		`docker compose exec -T -u postgres db psql -X -d template1 -c "ALTER ROLE postgres PASSWORD 'SCRAM-SHA-256$4096:…'"`,
		'changes-data',
	),
	shown(
		'return-services',
		say(
			'Wait until api, worker and plugin_daemon are back; restart what is not',
			'等待 api、worker、plugin_daemon 恢复；未恢复的予以重启',
		),
		'docker compose restart api worker plugin_daemon',
		'restarts',
	),
	shown('check-clients', say('Look at every service once more', '再次检查每个服务'), 'docker compose ps', 'none'),
];

export const plan: Plan = {
	kind: 'plan',
	fix: 'change-password',
	route: say(
		'Way: over the local socket inside the container, which `pg_hba.conf` trusts: nothing has to stop and no old password is needed. Password: the one of `api:DB_PASSWORD`.',
		'路径：通过容器内的本地套接字（`pg_hba.conf` 已信任）：无需停机，也不需要旧密码。密码：取自 `api:DB_PASSWORD`。',
	),
	steps: [],
	afterUndo: [],
	loses: say('Nothing: no data, no setting, no session is lost.', '不丢失任何东西：数据、设置和会话都保持不变。'),
	restarts: ['api', 'worker', 'plugin_daemon'],
	takes: say('a few seconds', '几秒钟'),
	undo: say('The stored verifier of before is put back.', '恢复之前保存的校验值。'),
	confirm: null,
	assumes: {},
};

export const resetPlan: Plan = {
	...plan,
	fix: 'reset-volume',
	loses: say(
		'The services see an EMPTY database afterwards. The old data stays in a second volume until you remove it with `forget`.',
		'之后各服务看到的是一个空数据库。旧数据保留在第二个卷中，直到你用 `forget` 删除。',
	),
	restarts: ['db', 'api', 'worker', 'plugin_daemon'],
	takes: say(
		'as long as copying the data three times takes, all of it with the database stopped',
		'约为复制三遍数据所需的时间，期间数据库停止',
	),
	undo: say(
		'The old data is put back; what the new server stored by then is kept aside as well.',
		'恢复旧数据；新服务器此间写入的数据也会另行保留。',
	),
	confirm: {
		name: 'docker_db-data',
		says: say('Type the volume name to go on: docker_db-data', '输入卷名称以继续：docker_db-data'),
	},
};

const logged = (minute: string, second: number, text: string): LogLine => ({
	at: `2026-11-21T${minute}:${String(second).padStart(2, '0')}.000Z`,
	stream: 'stderr',
	text,
});

/** Half an hour of a server's log: what it says of itself, then clients that are refused every few seconds. */
const said: LogLine[] = [
	{
		at: '2026-11-20T21:40:03.000Z',
		stream: 'stdout',
		text: 'PostgreSQL Database directory appears to contain a database; Skipping initialization',
	},
	...[
		'starting PostgreSQL 15.8',
		'listening on IPv4 address "0.0.0.0", port 5432',
		'database system is ready to accept connections',
	].map((text, second) => logged('02:00', second, `2026-11-21 02:00:0${second}.100 UTC [1] LOG:  ${text}`)),
	...Array.from({length: 14}, (_, minute) => {
		const at = `02:${String(minute).padStart(2, '0')}`;
		return [
			logged(
				at,
				10,
				`2026-11-21 ${at}:10.412 UTC [${70 + minute}] FATAL:  password authentication failed for user "postgres"`,
			),
			logged(
				at,
				10,
				`2026-11-21 ${at}:10.412 UTC [${70 + minute}] DETAIL:  Connection matched pg_hba.conf line 100: "host all all all scram-sha-256"`,
			),
		];
	}).flat(),
	logged('02:13', 44, '2026-11-21 02:13:44.012 UTC [99] FATAL:  password authentication failed for user "postgres"'),
	logged('02:13', 50, '2026-11-21 02:13:50.000 UTC [63] LOG:  checkpoint starting: time'),
];

/** The evidence quotes one line by its time. */
const serverLog = said.map(line => (line.text.includes('[99]') ? {...line, at: '2026-11-21T02:13:44Z'} : line));

const services = ['api', 'db', 'nginx', 'plugin_daemon', 'web', 'worker'];

/** What the services of the gallery's deployment have written. */
export const logOf = (service: string): ReadLog => ({
	service,
	services,
	cut: false,
	lines:
		service === 'db'
			? serverLog
			: service === 'web'
				? []
				: [
						logged(
							'02:12',
							1,
							`${service}: 正在连接数据库 db:5432，第 12 次尝试，等待服务器接受连接后继续启动其余组件与后台任务`,
						),
						logged(
							'02:12',
							2,
							'psycopg2.OperationalError: connection to server at "db" (172.19.0.3), port 5432 failed: FATAL:  password authentication failed for user "postgres"',
						),
					],
});
