import {diagnosis, type Evidence, points} from '../core/diagnosis.ts';
import {list, say} from '../core/say.ts';
import {firstStart} from '../probes/first-start.ts';
import {type DatabaseScope, isRunning, services} from '../probes/looks.ts';
import {missedObjects} from '../probes/start-looks.ts';
import {sampleFacts} from './samples.ts';

export const initScriptFailed = diagnosis<DatabaseScope>({
	id: 'init-script-failed',
	severity: 'failure',
	name: say('An init script failed during the first start', '首次启动时初始化脚本失败'),
	title: ({database}) =>
		say(
			`An init script failed during the first start of ${database}; what came after it was never made`,
			`${database} 首次启动时某个初始化脚本失败，它之后的内容都没有创建`,
		),
	about: say(
		'The scripts in `/docker-entrypoint-initdb.d` run once, at the first start. The first error ends them and the container. With a restart policy it starts again, finds `PG_VERSION`, skips the scripts for good, and serves half a schema as if nothing had happened. Exit code 3: an SQL script; 127: a script that can’t be run, often one with Windows line ends.',
		'`/docker-entrypoint-initdb.d` 里的脚本只在首次启动时执行一次。第一个错误就会让它们和容器一起结束。有重启策略时容器再次启动，发现 `PG_VERSION`，从此跳过脚本，若无其事地提供半套结构。退出码 3：SQL 脚本出错；127：脚本无法执行，常见原因是 Windows 换行符。',
	),
	beware: say(
		'Correcting the script is not enough: it will not run again on its own. Do not delete a volume that has been in use since.',
		'只改好脚本是不够的：它不会自己再执行一次。之后已经投入使用的卷不要删除。',
	),
	lookAlikes: [
		{
			id: 'init-scripts-skipped',
			tell: say(
				'There the scripts were never tried on this directory; here the log of the first run names the one that failed.',
				'那种情况脚本从未在此目录上执行过；这里首次运行的日志里有失败脚本的名字。',
			),
		},
		{
			id: 'half-initialised',
			tell: say(
				'There `initdb` itself did not finish; here it did, and a script after it failed.',
				'那种情况是 `initdb` 自己没有完成；这里它完成了，是之后的脚本失败。',
			),
		},
	],
	certainty: (see, {database}) => {
		const {says, script} = see(firstStart, database);
		return says !== null && script !== null ? 'certain' : 'likely';
	},
	because(see, {database}) {
		const {script, says} = see(firstStart, database);
		const evidence: Evidence[] = [
			points(
				script
					? say(
							`The first start ended while it ran \`${script}\`, and never came to its end`,
							`首次启动在执行 \`${script}\` 时结束，没有完成`,
						)
					: say('The first start never came to its end', '首次启动没有完成'),
				`log of ${database}`,
			),
		];
		if (says)
			evidence.push(points(say(`What it said: ${says.text}`, `它的输出：${says.text}`), `log of ${database}`, says.at));
		if (isRunning(see, database)) {
			const missing = missedObjects(see, database).map(({kind, name}) => `${kind} ${name}`);
			if (missing.length > 0)
				evidence.push(
					points(
						say(
							`The scripts make what the server does not have and somebody asks for: ${list(missing).en}`,
							`脚本会创建、服务器上却没有、而又有人要用的：${list(missing).zh}`,
						),
						'init-scripts',
					),
				);
		}
		return evidence;
	},
	affects: (see, {database}) => {
		if (!isRunning(see, database)) return [database];
		const wanting = missedObjects(see, database).flatMap(({wantedBy}) => wantedBy ?? []);
		return services(see).flatMap(({service}) => (wanting.includes(service) ? [service] : []));
	},
	hands: (see, {database}) => ({database, script: see(firstStart, database).script}),
	fixes: [],
	noFix: say(
		"Correct the script (an SQL error at the line named; `chmod a+r`; Windows line ends: `sed -i 's/\\r$//' script.sh`). If the database holds nothing of yours yet, let it begin again in a fresh place: bind mount `docker compose stop db` and `mv ./volumes/db/data ./volumes/db/data.half` with your own path, named volume: another name in the Compose file; then `docker compose up -d db`. If it has been in use: run what is missing by hand, `docker compose exec -T db psql -v ON_ERROR_STOP=1 -U shop -d shopdb < rest.sql`, with your user and database.",
		"修正脚本（所指行的 SQL 错误；`chmod a+r`；Windows 换行符：`sed -i 's/\\r$//' script.sh`）。如果数据库里还没有你的数据，就让它在新位置重新开始：绑定挂载执行 `docker compose stop db` 和 `mv ./volumes/db/data ./volumes/db/data.half`（换成你的路径），命名卷则在 Compose 文件里换个名字；然后 `docker compose up -d db`。如果已经投入使用：手动执行缺少的部分 `docker compose exec -T db psql -v ON_ERROR_STOP=1 -U shop -d shopdb < rest.sql`，换成你的用户和数据库。",
	),
	examples: [
		() =>
			sampleFacts({
				services: {db: {status: 'exited', exitCode: 3, restartPolicy: 'no'}},
				firstStart: {
					seen: true,
					finished: false,
					script: '/docker-entrypoint-initdb.d/10-schema.sql',
					says: {
						at: '2026-01-02T01:00:09.000Z',
						text: 'psql:/docker-entrypoint-initdb.d/10-schema.sql:3: ERROR:  relation "customers" does not exist',
					},
				},
			}),
	],
});
