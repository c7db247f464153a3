import {type DataPlace, placeOf, withinMount} from '../core/data-place.ts';
import type {Finding} from '../core/diagnosis.ts';
import {assume} from '../core/fingerprint.ts';
import {fix, type PlanAnswer, type StepCall} from '../core/fix.ts';
import type {See} from '../core/probe.ts';
import {list, say, type Text} from '../core/say.ts';
import {composeFiles} from '../probes/compose-files.ts';
import {dataDirectory} from '../probes/data-directory.ts';
import {databaseReadiness} from '../probes/database-readiness.ts';
import {keptCopies} from '../probes/kept-copies.ts';
import {clients, databases, isExternal, serviceNamed} from '../probes/looks.ts';
import {leftBehind} from '../probes/start-looks.ts';
import {composeFlags} from './parts/configure.ts';
import {databaseMeant, unique} from './parts/hands.ts';
import {variablePlace} from './parts/places.ts';
import {returnServices, saveEvidence} from './parts/step-calls.ts';

const refuse = (en: string, zh: string): {kind: 'not-applicable'; why: Text} => ({
	kind: 'not-applicable',
	why: say(en, zh),
});

/** Data that can be brought back: a folder of the server's own mounts, a volume that nobody uses, or a copy that this program kept. */
type Source = {kind: 'folder' | 'volume' | 'copy'; name: string};

function sourcesOf(see: See, finding: Finding, database: string): Source[] {
	const earlier: Source[] =
		finding.id === 'data-dir-emptied'
			? leftBehind(see, database).map(({kind, where}) => ({
					kind: kind === 'mounted' ? 'folder' : 'volume',
					name: where,
				}))
			: [];
	return earlier.length > 0 ? earlier : see(keptCopies, database).map(({volume}) => ({kind: 'copy', name: volume}));
}

const described: Record<Source['kind'], (name: string) => Text> = {
	folder: name =>
		say(
			`\`${name}\` holds the earlier data: \`PGDATA\` is pointed to it, nothing is copied`,
			`\`${name}\` 里是以前的数据：让 \`PGDATA\` 指向它，不复制任何东西`,
		),
	volume: name =>
		say(
			`the volume \`${name}\` holds the earlier data: it is mounted again, nothing is copied`,
			`卷 \`${name}\` 里是以前的数据：重新挂载它，不复制任何东西`,
		),
	copy: name =>
		say(
			`\`${name}\` is a kept copy: it is copied once more into a new place, and that is mounted`,
			`\`${name}\` 是保留的副本：再复制一份到新位置并挂载`,
		),
};

/** The change itself, and what is looked at before it. */
function change(see: See, database: string, place: DataPlace, source: Source, flags: string[]): StepCall[] | Text {
	const {composeFiles: files} = see(composeFiles);
	const within = withinMount(place);
	const check = (copies: boolean): StepCall => ({
		step: 'check-earlier-data',
		input: {service: database, place, volume: source.name, within, files, copies},
	});
	const common = {service: database, files, at: place.mountedAt, flags};
	switch (source.kind) {
		case 'folder': {
			const where = variablePlace(see, database, 'PGDATA');
			const [file = ''] = where.kind === 'env' || where.kind === 'compose' ? [where.file] : files;
			const variable = where.kind === 'env' ? where.name : null;
			return [{step: 'point-pgdata', input: {service: database, path: source.name, file, variable, flags}}];
		}
		case 'volume': {
			const target = {volume: source.name, destination: place.mountedAt};
			return [check(false), {step: 'remount-data', input: {...common, place: target}}];
		}
		case 'copy': {
			const newPlace = {
				beside: place.source,
				kind: place.kind,
				mark: 'restored',
				destination: place.mountedAt,
				within,
			};
			const input = {service: database, place, newPlace, volume: source.name, within: ''};
			return [
				{...check(true), input: {...check(true).input, within: ''}},
				{step: 'copy-kept-data', input},
				{step: 'remount-data', input: {...common, place: newPlace}},
			];
		}
	}
}

function answer(see: See, finding: Finding, wanted: string | undefined): PlanAnswer {
	if (isExternal(see))
		return refuse('The data of an external server is not ours to move.', '外部服务器的数据不归本程序移动。');
	const database = databaseMeant(finding);
	const service = serviceNamed(see, database);
	if (!service || service.status === 'missing')
		return refuse(`\`${database}\` has no container.`, `\`${database}\` 没有容器。`);
	const data = see(dataDirectory, database);
	const place = placeOf(data);
	if (!place)
		return refuse(
			'The data does not lie on a mount that can be pointed elsewhere.',
			'数据所在的位置不是可以改指的挂载。',
		);
	if (data.sharedWith.length > 0)
		return refuse(
			`The same data is mounted by ${data.sharedWith.join(', ')}; stop those first.`,
			`同一份数据还被 ${data.sharedWith.join('、')} 挂载；请先停止它们。`,
		);
	const flags = composeFlags(see);
	if (flags === null || see(composeFiles).composeFiles.length === 0)
		return refuse(
			'The Compose files can’t be read here, and the way to the data has to be changed in them.',
			'此处无法读取 Compose 文件，而数据的位置需要在其中修改。',
		);
	const sources = sourcesOf(see, finding, database);
	const names = sources.map(({name}) => name);
	if (sources.length === 0)
		return refuse(
			`Neither earlier data nor a kept copy of the data of ${database} was found.`,
			`没有找到 ${database} 以前的数据或保留的副本。`,
		);
	const source = sources.find(({name}) => name === wanted) ?? (wanted === undefined ? sources[0] : undefined);
	if (!source || (wanted === undefined && sources.length > 1 && source.kind !== 'copy'))
		return {
			kind: 'asks',
			settings: [{...fromSetting, choices: names}],
			why: say(
				`There is more than one: ${list(names.map(name => `\`${name}\``)).en}.`,
				`有不止一份：${list(names.map(name => `\`${name}\``)).zh}。`,
			),
		};
	const changes = change(see, database, place, source, flags);
	if (!Array.isArray(changes)) return {kind: 'not-applicable', why: changes};
	const users = unique([
		...clients(see).flatMap(one => (one.database === database ? [one.credential.service] : [])),
		...finding.affects,
	]).filter(name => name !== '' && !databases(see).includes(name) && serviceNamed(see, name) !== null);
	const checks = changes.filter(({step}) => step === 'check-earlier-data');
	const what = described[source.kind](source.name);
	const all = [database, ...users];
	const edited = changes.flatMap(({step, input}) => (step === 'point-pgdata' ? [String(input['file'])] : []));
	return {
		kind: 'plan',
		fix: 'restore-backup',
		route: say(`Way: ${what.en}.`, `路径：${what.zh}。`),
		steps: [
			...saveEvidence(all),
			...checks,
			{step: 'stop-service', input: {services: all}},
			...changes.filter(step => !checks.includes(step)),
			{step: 'start-database', input: {service: database}},
			...returnServices(users),
		],
		afterUndo: returnServices(users),
		loses: say(
			`What is in the present data and not in \`${source.name}\` is no longer seen by the services. It stays in \`${place.source}\` as it is.`,
			`现有数据中有而 \`${source.name}\` 中没有的内容，各服务将看不到。它们原样保留在 \`${place.source}\`。`,
		),
		restarts: all,
		takes:
			source.kind === 'copy'
				? say('as long as copying the data takes', '约为复制一遍数据所需的时间')
				: say('under a minute', '不到一分钟'),
		undo: say(
			'The file and the container go back to the present data; what is written until then stays in the restored one.',
			'文件和容器换回现有数据；此间写入的内容保留在恢复出来的数据里。',
		),
		confirm:
			source.kind === 'copy'
				? {
						name: source.name,
						says: say(
							`The rows will be as old as that copy. Type its name to go on: ${source.name}`,
							`数据会回到该副本的时间点。输入其名称以继续：${source.name}`,
						),
					}
				: null,
		assumes: assume(see, {services: [database], files: unique([...see(composeFiles).composeFiles, ...edited])}),
	};
}

const fromSetting = {
	key: 'from',
	says: say('Which of the earlier data or kept copies is brought back', '恢复哪一份以前的数据或保留的副本'),
	secret: false,
};

export const restoreBackup = fix({
	id: 'restore-backup',
	title: say('Bring earlier data back, and keep the present data', '换回以前的数据，并保留现有数据'),
	risk: 'restarts',
	about: say(
		'Points the Compose file to data that this deployment had before: a folder or volume that nothing uses any more, or a copy that this program kept, which is copied into a new place first. The present data is not touched.',
		'让 Compose 文件指向本部署以前的数据：不再使用的文件夹或卷，或本程序保留的副本（先复制到新位置）。现有数据不会被改动。',
	),
	limits: say(
		'The rows are as old as that data is, and so are the passwords in it. Dump files are not read: load those with `psql` or `pg_restore`.',
		'数据内容和其中的密码都停留在那份数据的时间点。不读取转储文件：请用 `psql` 或 `pg_restore` 导入。',
	),
	offered: see => !isExternal(see),
	settings: [fromSetting],
	plan: (see, finding, settings) => answer(see, finding, settings['from']),
	verify(finding, plan) {
		const database = databaseMeant(finding);
		const moved = plan.steps.find(({step}) => step === 'remount-data' || step === 'point-pgdata')?.input ?? {};
		const old = plan.steps.find(({step}) => step === 'check-earlier-data')?.input['place'] as DataPlace | undefined;
		return [
			{
				says: say('The server accepts connections over TCP', '服务器接受 TCP 连接'),
				passes: see => see(databaseReadiness, database).state === 'accepting',
			},
			{
				says: say('It works on the data that was brought back', '它使用的是换回的数据'),
				passes: see => {
					const {path, source, majorVersion} = see(dataDirectory, database);
					if (majorVersion === null) return false;
					return moved['path'] === undefined ? source !== old?.source : path === moved['path'];
				},
			},
		];
	},
});
