import {diagnosis, type Evidence, opposes, points} from '../core/diagnosis.ts';
import {list, say} from '../core/say.ts';
import {dataDirectory} from '../probes/data-directory.ts';
import {initScripts} from '../probes/init-scripts.ts';
import {type DatabaseScope, services} from '../probes/looks.ts';
import {type Missing, missedObjects} from '../probes/start-looks.ts';
import {sampleFacts} from './samples.ts';

/** Scripts that make what is missed, and were written after the directory was made. */
const newer = (
	scripts: readonly {name: string; modifiedAt: string}[],
	missing: readonly Missing[],
	made: string | null,
) =>
	scripts.filter(
		({name, modifiedAt}) =>
			missing.some(({script}) => script === name) && made !== null && Date.parse(modifiedAt) > Date.parse(made),
	);

export const initScriptsSkipped = diagnosis<DatabaseScope>({
	id: 'init-scripts-skipped',
	severity: 'failure',
	name: say('Init scripts that never ran on this data directory', '初始化脚本从未在此数据目录上执行'),
	title: ({database}) =>
		say(
			`Init scripts of ${database} were added after its data was made, and never ran`,
			`${database} 的初始化脚本是在数据创建之后加上的，从未执行`,
		),
	about: say(
		'The scripts in `/docker-entrypoint-initdb.d` run once, when the data directory is made. Scripts that are mounted or changed later are skipped without a word, and what they make is missing.',
		'`/docker-entrypoint-initdb.d` 里的脚本只在创建数据目录时执行一次。之后挂载或修改的脚本会被悄悄跳过，它们要创建的东西也就不存在。',
	),
	beware: say(
		'Do not delete the volume to make them run: they can be run by hand on the data that is there.',
		'不要为了让它们执行而删除卷：可以在现有数据上手动执行。',
	),
	lookAlikes: [
		{
			id: 'init-script-failed',
			tell: say(
				'There the log of the first run names a script that failed; here no script was tried.',
				'那种情况首次运行的日志里有失败的脚本；这里根本没有执行过。',
			),
		},
		{
			id: 'role-missing',
			tell: say('There no init script makes the role; here one does.', '那种情况没有初始化脚本创建该角色；这里有。'),
		},
		{
			id: 'database-missing',
			tell: say(
				'There no init script makes the database; here one does.',
				'那种情况没有初始化脚本创建该数据库；这里有。',
			),
		},
	],
	certainty: (see, {database}) => {
		const missing = missedObjects(see, database);
		return newer(see(initScripts, database).scripts, missing, see(dataDirectory, database).initialisedAt).length > 0
			? 'certain'
			: 'likely';
	},
	because(see, {database}) {
		const missing = missedObjects(see, database);
		const {initialisedAt} = see(dataDirectory, database);
		const {scripts} = see(initScripts, database);
		const late = newer(scripts, missing, initialisedAt);
		const evidence: Evidence[] = missing.map(({kind, name, script, wantedBy}) =>
			points(
				say(
					`\`${script}\` makes the ${kind} \`${name}\`; the server has none${wantedBy ? `, and ${wantedBy} needs it` : ', and was asked for it'}`,
					`\`${script}\` 会创建 ${kind} \`${name}\`，服务器上却没有${wantedBy ? `，而 ${wantedBy} 需要它` : '，并且有人在用它'}`,
				),
				'init-scripts',
			),
		);
		evidence.push(
			late.length > 0
				? points(
						say(
							`The data directory was made at ${initialisedAt ?? '?'}, before ${list(late.map(({name}) => name)).en} was written`,
							`数据目录创建于 ${initialisedAt ?? '?'}，早于 ${list(late.map(({name}) => name)).zh} 的写入时间`,
						),
						'data-directory',
						initialisedAt,
					)
				: opposes(
						say(
							'The scripts are older than the data: they may have run, and what they made may have been dropped',
							'脚本比数据更早：它们可能执行过，而创建的东西后来被删除',
						),
						'init-scripts',
					),
		);
		return evidence;
	},
	affects: (see, {database}) => {
		const wanting = missedObjects(see, database).flatMap(({wantedBy}) => wantedBy ?? []);
		return services(see).flatMap(({service}) => (wanting.includes(service) ? [service] : []));
	},
	on: ({database}) => database || null,
	hands: (see, {database}) => ({
		database,
		missing: missedObjects(see, database).map(({kind, name, script}) => ({kind, name, script})),
	}),
	fixes: [],
	noFix: say(
		'Run the script by hand on the data that is there, with your user and database: `docker compose exec -T db psql -v ON_ERROR_STOP=1 -U shop -d shopdb < init/10-schema.sql`, or for a shell script `docker compose exec db bash /docker-entrypoint-initdb.d/10-roles.sh`. Read it first: a script that begins with `drop` is meant for an empty database. Keep a dump before: `docker compose exec -T db pg_dumpall -U shop > before.sql`.',
		'在现有数据上手动执行脚本（换成你的用户和数据库）：`docker compose exec -T db psql -v ON_ERROR_STOP=1 -U shop -d shopdb < init/10-schema.sql`，shell 脚本则用 `docker compose exec db bash /docker-entrypoint-initdb.d/10-roles.sh`。先读一遍：以 `drop` 开头的脚本是给空数据库用的。执行前先导出一份：`docker compose exec -T db pg_dumpall -U shop > before.sql`。',
	),
	examples: [
		() =>
			sampleFacts({
				services: {worker: {status: 'restarting', restartCount: 4, exitCode: 1}},
				credentials: {worker: {user: 'reports'}},
				proofs: {worker: {verdict: 'role-missing'}},
				scripts: {
					scripts: [{name: '10-roles.sql', modifiedAt: '2026-01-01T00:00:00.000Z'}],
					makes: [{kind: 'role', name: 'reports', script: '10-roles.sql', exists: false}],
				},
			}),
	],
});
