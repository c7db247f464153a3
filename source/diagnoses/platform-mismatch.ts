import {diagnosis, points, type Scope} from '../core/diagnosis.ts';
import type {See} from '../core/probe.ts';
import {architectureName, runs} from '../core/program-file.ts';
import {say} from '../core/say.ts';
import {quoted} from '../probes/ailing.ts';
import {engineInfo} from '../probes/engine-info.ts';
import {imageState} from '../probes/image-state.ts';
import {serviceNamed} from '../probes/looks.ts';
import {sampleFacts, seen} from './samples.ts';

/** Processor of the engine's machine, and of what the service brings, as far as both are known. */
export function platforms(see: See, service: string): {machine: string; image: string | null; program: string | null} {
	const engine = see(engineInfo);
	const {platform, program} = see(imageState, service);
	return {
		machine: engine.status === 'up' ? architectureName(engine.architecture) : '',
		image: platform?.split('/')[1] ?? null,
		program: program?.kind === 'program' ? program.architecture : null,
	};
}

/** Whether what was found is made for another processor than the machine has. */
export function isForeign(see: See, service: string): boolean {
	const {machine, image, program} = platforms(see, service);
	return [image, program].some(other => other !== null && !runs(machine, other));
}

export const platformMismatch = diagnosis<Scope & {subject: string}>({
	id: 'platform-mismatch',
	severity: 'failure',
	name: say('The image is made for another processor', '镜像是为另一种处理器构建的'),
	title: ({subject}) =>
		say(`The program of ${subject} is made for another processor`, `${subject} 的程序是为另一种处理器构建的`),
	about: say(
		'The kernel refused to start the program: `exec format error`. An image for ARM (Raspberry Pi, Apple silicon, Graviton) was brought to an Intel or AMD machine or the other way round, by `docker save`, a `platform:` line, a build on another machine, or a tag that exists for one kind only.',
		'内核拒绝启动该程序：`exec format error`。把 ARM（树莓派、Apple 芯片、Graviton）的镜像带到了 Intel 或 AMD 机器上，或反过来；原因可能是 `docker save`、`platform:` 行、在别的机器上构建，或某个标签只有一种架构。',
	),
	beware: say(
		'An emulator (`binfmt`) makes it start, slowly, and PostgreSQL under it is known to fail in odd ways: not for a database.',
		'模拟器（`binfmt`）虽能让它启动，但很慢，而且在其下运行的 PostgreSQL 会出现各种怪问题：不要用于数据库。',
	),
	lookAlikes: [
		{
			id: 'app-service-failing',
			tell: say(
				'A script without `#!` in its first line is refused with the same words; the processor is right there.',
				'首行没有 `#!` 的脚本也会以同样的提示被拒绝；那时处理器是正确的。',
			),
		},
	],
	certainty: 'certain',
	because(see, {subject}) {
		const {machine, image, program} = platforms(see, subject);
		const {reference, program: file} = see(imageState, subject);
		const error = serviceNamed(see, subject)?.error ?? '';
		return [
			...(image && !runs(machine, image)
				? [
						points(
							say(
								`The image \`${reference}\` is for ${image}, the machine is ${machine}`,
								`镜像 \`${reference}\` 用于 ${image}，而主机是 ${machine}`,
							),
							'image-state',
						),
					]
				: []),
			...(program && file && !runs(machine, program)
				? [
						points(
							say(
								`The program \`${file.path}\` is made for ${program}, the machine is ${machine}`,
								`程序 \`${file.path}\` 是为 ${program} 构建的，而主机是 ${machine}`,
							),
							'image-state',
						),
					]
				: []),
			...(error ? [points(say(`The engine said: ${error}`, `引擎报告：${error}`), 'deployment-state')] : []),
			...quoted(see, subject, 'exec-format-error'),
		];
	},
	affects: (_see, {subject}) => [subject],
	hands: (_see, {subject}) => ({service: subject}),
	fixes: [],
	noFix: say(
		'Take `platform:` out of the Compose file and pull the image for this machine: `docker compose pull` and `docker compose up -d`. If the tag does not exist for it (`docker manifest inspect IMAGE`), choose another tag, or build the image on this machine with `docker compose build`. The volumes are not affected; a data directory of PostgreSQL itself is not made for moving between processor families: take a dump along.',
		'在 Compose 文件里去掉 `platform:`，拉取适用于本机的镜像：执行 `docker compose pull` 和 `docker compose up -d`。若该标签没有对应架构（`docker manifest inspect IMAGE`），请换一个标签，或在本机用 `docker compose build` 构建。卷不受影响；但 PostgreSQL 的数据目录本身不适合在不同处理器之间搬移：请用转储。',
	),
	examples: [
		() =>
			sampleFacts({
				services: {web: {status: 'restarting', exitCode: 1, restartCount: 3}},
				logs: {web: [{severity: 'error', text: 'exec /usr/local/bin/docker-entrypoint.sh: exec format error'}]},
				also: [
					seen(imageState, 'web', {
						reference: 'shop/web:3',
						present: true,
						platform: 'linux/arm64/v8',
						builds: false,
						program: {kind: 'script', interpreter: '/bin/sh', path: '/usr/local/bin/docker-entrypoint.sh'},
					}),
				],
			}),
	],
});
