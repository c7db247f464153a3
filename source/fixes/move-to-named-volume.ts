import {withinMount} from '../core/data-place.ts';
import {assume} from '../core/fingerprint.ts';
import {type Check, fix, type StepCall} from '../core/fix.ts';
import {say} from '../core/say.ts';
import {dataDirectory} from '../probes/data-directory.ts';
import {dataOwner} from '../probes/data-owner.ts';
import {deploymentState} from '../probes/deployment-state.ts';
import {isExternal} from '../probes/looks.ts';
import {composeFlags, recreate} from './parts/configure.ts';
import {answersAgain, filesPatient, illClients} from './parts/data-files.ts';
import {handsOf} from './parts/hands.ts';
import {notApplicable} from './parts/login-plan.ts';
import {returnServices, saveEvidence} from './parts/step-calls.ts';
import {byHand, freeKey, mountVolume, volumeOf} from './parts/volume-mount.ts';

/** What Docker allows in the name of a volume; Compose allows no more in a key. */
const named = /^[a-zA-Z0-9][\w.-]*$/;

export const moveToNamedVolume = fix({
	id: 'move-to-named-volume',
	title: say('Move the data to a named volume', '把数据移到命名卷'),
	risk: 'changes-data',
	about: say(
		'Copies the folder into a new volume of the engine, which keeps owners and modes, compares every file, starts a throwaway server on a copy of it, and lets the Compose file mount the volume. The old folder stays as it is.',
		'把目录复制到引擎的新卷（能保存所有者和权限），逐个文件比对，在其副本上启动一次性服务器，然后让 Compose 文件挂载该卷。旧目录保持原样。',
	),
	limits: say(
		'Backups that copy the old folder copy old data from now on: point them to the volume, or better to `pg_dump`. The old folder takes its room until you remove it.',
		'复制旧目录的备份此后备份的都是旧数据：请改为备份该卷，最好用 `pg_dump`。旧目录会一直占用空间，直到你将其删除。',
	),
	offered: see => !isExternal(see),
	settings: [
		{
			key: 'volume',
			says: say('Name of the new volume in the Compose file', '新卷在 Compose 文件中的名字'),
			secret: false,
		},
	],
	plan(see, finding, settings) {
		const patient = filesPatient(see, finding);
		if ('kind' in patient) return patient;
		const {database, place, data} = patient;
		if (data.kind === 'anonymous-volume')
			return notApplicable(say('The data lies in a volume of the engine already.', '数据已经位于引擎的卷中。'));
		if (data.majorVersion === null)
			return notApplicable(say('There is no initialised data directory to move.', '没有可以移动的已初始化数据目录。'));
		const {uid} = see(dataOwner, database).runsAs;
		if (uid === null || uid === 0)
			return notApplicable(
				say('The image does not tell which user the server runs as.', '镜像没有说明服务器以哪个用户运行。'),
			);
		const wanted = settings['volume'] ?? '';
		if (wanted !== '' && !named.test(wanted))
			return notApplicable(
				say('A volume’s name has letters, digits, `_`, `.` and `-` only.', '卷名只能包含字母、数字、`_`、`.` 和 `-`。'),
			);
		const flags = composeFlags(see);
		if (flags === null) return notApplicable(byHand(database, wanted || `${database}-data`, place.mountedAt));
		const {project} = see(deploymentState);
		const key = wanted || freeKey(see, project, database);
		const edits = mountVolume(see, database, place.mountedAt, key);
		if ('why' in edits) return notApplicable(edits.why);
		const volume = volumeOf(project, key);
		const inside = withinMount(place);
		const clients = illClients(see, finding, database);
		const made = recreate(see, [database]);
		const drop: StepCall = {step: 'drop-moved-volume', input: {service: database, volume, inside}};
		return {
			kind: 'plan',
			fix: 'move-to-named-volume',
			route: say(
				`From \`${place.source}\` to the volume \`${volume}\`.`,
				`从 \`${place.source}\` 移到卷 \`${volume}\`。`,
			),
			steps: [
				...saveEvidence([database, ...clients]),
				{step: 'measure-data', input: {service: database, place, wholeMount: true}},
				{step: 'stop-database', input: {service: database, clients: [], handsOver: true}},
				{step: 'copy-to-volume', input: {service: database, place, volume, key, project, inside}},
				{step: 'prove-volume', input: {service: database, volume, inside, uid}},
				...edits.steps,
				...made,
				{step: 'start-database', input: {service: database}},
				...returnServices(clients),
			],
			afterUndo: [...made, drop, ...returnServices(clients)],
			loses: say(
				`Nothing: \`${place.source}\` stays as it is. What the container wrote into its own layer goes with it.`,
				`不丢失任何东西：\`${place.source}\` 保持原样。容器写在自身可写层的内容会随容器消失。`,
			),
			restarts: [database, ...clients],
			takes: say('as long as copying the data twice takes', '约为复制两遍数据所需的时间'),
			undo: say(
				'The file gets its old bytes back and the container its old folder. The new volume is removed, unless something was stored in it since: then it is kept.',
				'文件恢复原来的字节，容器恢复使用旧目录。新卷会被删除；若此后写入过数据，则保留。',
			),
			confirm: null,
			assumes: assume(see, {services: [database], files: edits.files}),
		};
	},
	verify(finding, plan) {
		const move = plan.steps.find(({step}) => step === 'copy-to-volume')?.input;
		const volume = String(move?.['volume'] ?? '');
		return [
			...handsOf(finding).map(
				({database}): Check => ({
					says: say(
						`${database} has its data in the volume \`${volume}\`, and owns it`,
						`${database} 的数据位于卷 \`${volume}\` 中，并归其所有`,
					),
					passes: see => {
						const {source, majorVersion} = see(dataDirectory, database);
						const {directory, runsAs} = see(dataOwner, database);
						return source === volume && majorVersion !== null && directory?.uid === runsAs.uid;
					},
				}),
			),
			...answersAgain(finding),
		];
	},
});
