import {diagnosis, points, type Scope} from '../core/diagnosis.ts';
import type {See} from '../core/probe.ts';
import {say} from '../core/say.ts';
import {composeFiles} from '../probes/compose-files.ts';
import {composeVerdict} from '../probes/compose-verdict.ts';
import {services} from '../probes/looks.ts';
import {sampleFacts, seen} from './samples.ts';

/** What Compose itself says against the files, or what we read in them where there is no Compose to ask. Null when they are accepted. */
export function composeComplaint(see: See): {says: string; byCompose: boolean} | null {
	const verdict = see(composeVerdict);
	if (verdict.kind === 'invalid') return {says: verdict.says, byCompose: true};
	const {problem} = see(composeFiles);
	return verdict.kind === 'no-judge' && problem ? {says: problem, byCompose: false} : null;
}

export const composeInvalid = diagnosis<Scope>({
	id: 'compose-invalid',
	severity: 'failure',
	name: say('Compose refuses its own file', 'Compose 拒绝了它的文件'),
	title: () => say('Compose does not accept the project’s files', 'Compose 不接受项目的文件'),
	about: say(
		'A Compose file that can’t be read stops every command: nothing is started, stopped or renewed until it is right, while containers from before run on. Usual reasons: an indentation that is off, a tab, a misspelt key, a key under the wrong service, a `$` that should be `$$`, a dependency on a service that is not there, an `env_file` that is missing.',
		'Compose 文件读不懂时，所有命令都会停下：改正之前什么都不会启动、停止或更新，而原有的容器继续运行。常见原因：缩进不对、用了制表符、键名拼错、键写到了别的服务下面、`$` 应写成 `$$`、依赖了不存在的服务、缺少 `env_file`。',
	),
	beware: say(
		'Do not remove containers because Compose no longer knows them: `down --remove-orphans` would take those whose part of the file is broken.',
		'不要因为 Compose 不再认识某些容器就删除它们：`down --remove-orphans` 会删掉文件中那一段写错的服务。',
	),
	lookAlikes: [
		{
			id: 'env-variable-missing',
			tell: say(
				'There the file is fine, and Compose says `required variable NAME is missing a value`.',
				'那种情况文件本身没有问题，Compose 提示 `required variable NAME is missing a value`。',
			),
		},
		{
			id: 'image-unavailable',
			tell: say(
				'There `docker compose config --quiet` says nothing, and `docker compose pull` fails.',
				'那种情况 `docker compose config --quiet` 没有任何提示，而 `docker compose pull` 失败。',
			),
		},
	],
	certainty: see => (composeComplaint(see)?.byCompose ? 'certain' : 'likely'),
	because(see) {
		const complaint = composeComplaint(see);
		const {composeFiles: files, problem} = see(composeFiles);
		return complaint
			? [
					points(
						complaint.byCompose
							? say(
									`\`docker compose config --quiet\` says: ${complaint.says}`,
									`\`docker compose config --quiet\` 的回答：${complaint.says}`,
								)
							: say(`Read as Compose reads it: ${complaint.says}`, `按 Compose 的方式读取：${complaint.says}`),
						complaint.byCompose ? 'compose-verdict' : 'compose-files',
					),
					...(complaint.byCompose && problem
						? [points(say(`Our own reading: ${problem}`, `我们自己的读取结果：${problem}`), 'compose-files')]
						: []),
					points(
						say(
							`The files are ${files.map(file => `\`${file}\``).join(', ')}`,
							`文件是 ${files.map(file => `\`${file}\``).join('、')}`,
						),
						'compose-files',
					),
				]
			: [];
	},
	affects: see =>
		services(see).flatMap(({status, service}) => (status === 'missing' || status === 'created' ? [service] : [])),
	fixes: [],
	noFix: say(
		'Correct the place that is named above, and ask again until it says nothing: `docker compose config --quiet`. Then `docker compose up -d`. A copy from before (`git diff`, a backup) shows what was changed.',
		'改正上面指出的位置，再次检查直到没有任何提示：`docker compose config --quiet`。然后执行 `docker compose up -d`。与以前的副本比较（`git diff`、备份）可以看出改了什么。',
	),
	examples: [
		() =>
			sampleFacts({
				files: {problem: 'line 4: All mapping items must start at the same column'},
				also: [
					seen(composeVerdict, '', {
						kind: 'invalid',
						says: 'validating /srv/shop/docker-compose.yaml: services.api Additional property volums is not allowed',
					}),
				],
			}),
		// No Compose on this machine: our own reading has to do.
		() =>
			sampleFacts({
				files: {problem: 'line 4: All mapping items must start at the same column'},
				also: [seen(composeVerdict, '', {kind: 'no-judge', why: say('not installed', '未安装')})],
			}),
	],
});
