import {list, say} from '../core/say.ts';
import {step} from '../core/step.ts';
import {Trouble} from '../core/trouble.ts';
import {containerOf} from '../world/server-place.ts';
import {runScript} from './parts/data-helper.ts';

/** One container's files, by their exact names, in the folder where the engine keeps them. */
type Input = {
	service: string;
	folder: string;
	/** Files that rotation has put aside: they are removed. */
	rotated: string[];
	/** The file that still grows, if its owner chose it: it is emptied, because the engine holds it open. */
	live: string | null;
};

const rotatedName = /^[0-9a-f]{64}-json\.log\.\d+(?:\.gz)?$/;
const liveName = /^[0-9a-f]{64}-json\.log$/;

const removeScript = `
cd /logs
live=$1; shift
for name in "$@"; do rm -f -- "$name"; done
if [ -n "$live" ] && [ -f "$live" ]; then : >"$live"; fi
`;

/** The engine opens its log to append, so an emptied one goes on from its beginning (moby's loggerutils). */
export const removeOldLogs = step<Input, Record<string, never>>({
	id: 'remove-old-logs',
	risk: 'none',
	says: ({service, rotated, live}) =>
		live
			? say(`Empty the log of ${service} and remove its rotated parts`, `清空 ${service} 的日志并删除其轮转文件`)
			: say(
					`Remove ${rotated.length} rotated log files of ${service}`,
					`删除 ${service} 的 ${rotated.length} 个已轮转日志文件`,
				),
	like: ({folder, rotated, live}) =>
		[
			...(rotated.length > 0 ? [`rm ${rotated.map(name => `${folder}/${name}`).join(' ')}`] : []),
			...(live ? [`truncate -s 0 ${folder}/${live}`] : []),
		].join('\n'),
	async before({service, folder, rotated, live}, world) {
		const {id} = await containerOf(world, service);
		const own = (name: string): boolean => name.startsWith(`${id}-json.log`);
		const names = [...rotated, ...(live ? [live] : [])];
		const fits = rotated.every(name => rotatedName.test(name)) && (live === null || liveName.test(live));
		if (!fits || !names.every(own) || !folder.endsWith(`/${id}`))
			throw new Trouble(
				'log-moved',
				say(`These are not the log files of \`${service}\` any more.`, `这些已不是 \`${service}\` 的日志文件。`),
				{why: say(list(names).en, list(names).zh), next: say('Run the diagnosis again.', '请重新诊断。')},
			);
		return {};
	},
	async apply({service, folder, rotated, live}, _before, world) {
		const {imageId} = await containerOf(world, service);
		await runScript(world, {
			image: imageId,
			mounts: [{source: folder, destination: '/logs', readonly: false}],
			script: removeScript,
			words: [live ?? '', ...rotated],
			purpose: 'logs',
		});
	},
	undo: say(
		'Removed log lines can’t be brought back; the last 5000 of each service are kept as evidence.',
		'删除的日志行无法恢复；每个服务最后 5000 行已作为证据保存。',
	),
});
