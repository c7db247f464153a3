import {placeOf} from '../core/data-place.ts';
import {assume} from '../core/fingerprint.ts';
import {fix, type PlanAnswer} from '../core/fix.ts';
import type {See} from '../core/probe.ts';
import {say} from '../core/say.ts';
import {dataDirectory} from '../probes/data-directory.ts';
import {databaseReadiness} from '../probes/database-readiness.ts';
import {isExternal, serviceNamed} from '../probes/looks.ts';
import {settingTrouble} from '../probes/setting-trouble.ts';
import {settingsFiles} from '../probes/settings-files.ts';
import {changeCommandSetting} from './parts/command-place.ts';
import {composeFlags} from './parts/configure.ts';
import {handsOf, unique} from './parts/hands.ts';
import {notApplicable} from './parts/login-plan.ts';
import {dependents, servicePlan} from './parts/service-plan.ts';
import {returnServices, saveEvidence} from './parts/step-calls.ts';

type Place = {kind: 'command'} | {kind: 'file'; path: string; line: number};

/** The setting that keeps the server from starting, where this fix can reach it. */
function settingAt(see: See, database: string, parameter: string | null): {name: string; place: Place} | null {
	if (parameter !== null) {
		const {command, files} = see(settingsFiles, database);
		if (command.includes(parameter)) return {name: parameter, place: {kind: 'command'}};
		for (const {path, lines} of files.toReversed()) {
			const last = lines.findLast(({name}) => name === parameter);
			if (last) return {name: parameter, place: {kind: 'file', path, line: last.line}};
		}
		return null;
	}
	const trouble = settingTrouble(see, database);
	if (!trouble?.parameter || !trouble.place || !trouble.confirmed) return null;
	const {place} = trouble;
	if (place.kind === 'command') return {name: trouble.parameter, place};
	return place.line === null ? null : {name: trouble.parameter, place: {...place, line: place.line}};
}

/** Settings that keep people or data safe: a server that starts without them is not what anybody wants. */
const guarding =
	/^(?:ssl|hba_file|ident_file|password_encryption|fsync|full_page_writes|wal_level|archive_|primary_|recovery_|restore_|synchronous_|data_directory|config_file|row_security)/;

export const repairConfig = fix({
	id: 'repair-config',
	title: say('Put the setting out of force that stops the server', '使阻止服务器启动的设置失效'),
	risk: 'changes-data',
	about: say(
		'Takes the wrong setting off the command line in the Compose file, or makes it a comment in the settings file of the data directory, and keeps a copy of that file. PostgreSQL’s own default counts then. No stored row is touched.',
		'从 Compose 文件的启动命令中去掉错误的设置，或在数据目录的配置文件中把它注释掉，并保留该文件的副本。之后以 PostgreSQL 的默认值为准。已存储的数据不受影响。',
	),
	limits: say(
		'What the setting was meant to do does not happen: write it again, correctly, once the server runs.',
		'该设置原本要起的作用不会生效：服务器运行后，请以正确的写法重新设置。',
	),
	offered: see => !isExternal(see),
	settings: [],
	plan(see, finding): PlanAnswer {
		const database = handsOf(finding)[0]?.database ?? '';
		const service = isExternal(see) ? null : serviceNamed(see, database);
		if (!service || service.status === 'missing')
			return notApplicable(say('There is no container whose settings could be repaired.', '没有可以修复设置的容器。'));
		const meant = finding.hands[0]?.['setting'];
		const found = settingAt(see, database, typeof meant === 'string' && meant !== '' ? meant : null);
		if (!found)
			return notApplicable(
				say(
					'The wrong setting was not found where this program may change it: correct the place that the evidence names, by hand.',
					'在本程序可以修改的位置没有找到错误的设置：请手动改正证据中指出的位置。',
				),
			);
		const {name, place} = found;
		if (guarding.test(name))
			return notApplicable(
				say(
					`\`${name}\` protects data or people: a server that starts without it may be worse than one that stands still. Correct it by hand.`,
					`\`${name}\` 用于保护数据或访问安全：缺了它的服务器即使启动，也可能比停着更糟。请手动改正。`,
				),
			);
		if (place.kind === 'command') {
			if (composeFlags(see) === null)
				return notApplicable(
					say(
						'The Compose files can’t be read here, and the command of a container can’t be changed without them.',
						'此处无法读取 Compose 文件，而没有文件就无法更改容器的启动命令。',
					),
				);
			const edits = changeCommandSetting(see, database, name, null);
			if (!edits)
				return notApplicable(
					say(
						`\`${name}\` is on the command line of the container, and not in the Compose files as they are now: \`docker compose up -d ${database}\` may be all that is needed.`,
						`\`${name}\` 在容器的启动命令中，但现在的 Compose 文件里没有它：也许只需执行 \`docker compose up -d ${database}\`。`,
					),
				);
			if ('why' in edits) return notApplicable(edits.why);
			return servicePlan(see, finding, {
				fix: 'repair-config',
				edits,
				route: say(
					`\`${name}\` comes off the command line; without it PostgreSQL’s own default counts.`,
					`从启动命令中去掉 \`${name}\`；之后以 PostgreSQL 的默认值为准。`,
				),
			});
		}
		const data = see(dataDirectory, database);
		const at = placeOf(data);
		const isMounted = service.mounts.some(({destination}) => destination === place.path);
		if (!at || !place.path.startsWith(`${at.path}/`) || isMounted)
			return notApplicable(
				say(
					`\`${place.path}\` is no file of the data directory: correct line ${place.line} where it comes from.`,
					`\`${place.path}\` 不是数据目录中的文件：请在其来源处改正第 ${place.line} 行。`,
				),
			);
		const clients = dependents(see, [database]);
		const again = [{step: 'restart-service', input: {services: [database]}}];
		return {
			kind: 'plan',
			fix: 'repair-config',
			route: say(
				`\`${name}\` in \`${place.path}\` becomes a comment; without it PostgreSQL’s own default counts.`,
				`\`${place.path}\` 中的 \`${name}\` 变为注释；之后以 PostgreSQL 的默认值为准。`,
			),
			steps: [
				...saveEvidence([database]),
				{
					step: 'put-setting-aside',
					input: {service: database, place: at, file: place.path, name, line: place.line},
				},
				...again,
				...returnServices([database, ...clients]),
			],
			afterUndo: again,
			loses: say(
				'Nothing: the file is kept byte for byte, and no stored row is touched.',
				'不丢失任何东西：文件逐字节保留，已存储的数据不受影响。',
			),
			restarts: unique([database, ...clients]),
			takes: say('under a minute', '不到一分钟'),
			undo: say('The file gets its old bytes back.', '文件恢复为原来的字节。'),
			confirm: null,
			assumes: assume(see, {services: [database]}),
		};
	},
	verify(finding) {
		const database = handsOf(finding)[0]?.database ?? '';
		return [
			{
				says: say(`${database} accepts connections over TCP`, `${database} 接受 TCP 连接`),
				passes: see => see(databaseReadiness, database).state === 'accepting',
			},
		];
	},
});
