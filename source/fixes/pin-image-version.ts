import {parseTemplate} from '../core/compose-template.ts';
import {fix, type PlanAnswer} from '../core/fix.ts';
import {readReference, tagFor} from '../core/image-reference.ts';
import type {See} from '../core/probe.ts';
import {say} from '../core/say.ts';
import {composeFiles} from '../probes/compose-files.ts';
import {dataDirectory} from '../probes/data-directory.ts';
import {databaseCatalog} from '../probes/database-catalog.ts';
import {databaseReadiness} from '../probes/database-readiness.ts';
import {localImage} from '../probes/local-image.ts';
import {isExternal, serviceNamed} from '../probes/looks.ts';
import {composeFlags, type Edits, type NoPlace, setEnv} from './parts/configure.ts';
import {notApplicable} from './parts/login-plan.ts';
import {envPlace} from './parts/places.ts';
import {changeSetting, filledIn, servesOthers, settingOf} from './parts/service-place.ts';
import {serviceMeant, servicePlan} from './parts/service-plan.ts';

/**
 * Where a person would change the tag: the variable that it is made of, as in `postgres:${TAG}-alpine`, when the rest of the
 * text stays as it is; else the whole value.
 */
function pinned(see: See, service: string, wanted: string): Edits | NoPlace {
	const {pieces} = parseTemplate(settingOf(see, service, ['image'])?.text ?? '');
	const at = pieces.findIndex(piece => typeof piece !== 'string');
	const reference = pieces[at];
	const isOne = pieces.filter(piece => typeof piece !== 'string').length === 1;
	if (isOne && reference !== undefined && typeof reference !== 'string' && pieces.length > 1) {
		const [head, tail] = [pieces.slice(0, at).join(''), pieces.slice(at + 1).join('')];
		const place = envPlace(see(composeFiles), reference.name);
		const fits = wanted.startsWith(head) && wanted.endsWith(tail) && wanted.length > head.length + tail.length;
		if (fits && place.kind === 'env' && !servesOthers(see, reference.name, service, 'image')) {
			const value = wanted.slice(head.length, wanted.length - tail.length);
			return {
				steps: [setEnv(place.file, reference.name, {value: {text: value}})],
				files: [place.file],
				services: [service],
			};
		}
	}
	return changeSetting(see, service, ['image'], wanted);
}

export const pinImageVersion = fix({
	id: 'pin-image-version',
	title: say('Go back to the image that fits the data', '换回与数据版本一致的镜像'),
	risk: 'restarts',
	about: say(
		'Writes the tag of the data’s own major version into the Compose file (or the variable in `.env` that it comes from), of the same variant, and makes the container anew. The data is not touched.',
		'把与数据主版本一致、变体相同的镜像标签写入 Compose 文件（或其引用的 `.env` 变量），并重建容器。数据不会被改动。',
	),
	limits: say(
		'This is the way back, not forward: to move to the new version, dump the data from the old one and restore it into a new volume.',
		'这是退回旧版本，而不是升级：要升级，请从旧版本导出数据并恢复到一个新卷。',
	),
	offered: see => !isExternal(see),
	settings: [
		{key: 'image', says: say('Another image of the same major version', '同一主版本的其他镜像'), secret: false},
	],
	plan(see, finding, settings): PlanAnswer {
		const name = serviceMeant(finding);
		const service = isExternal(see) ? null : serviceNamed(see, name);
		if (!service || service.status === 'missing')
			return notApplicable(say('There is no container whose data could be looked at.', '没有可以查看其数据的容器。'));
		const {majorVersion, imageMajor} = see(dataDirectory, name);
		if (majorVersion === null || majorVersion === imageMajor)
			return notApplicable(say('The image has the version of the data already.', '镜像与数据的版本已经一致。'));
		if (composeFlags(see) === null)
			return notApplicable(
				say(
					'The Compose files can’t be read here: the next `docker compose up` would bring the wrong image back. Put the tag right there.',
					'此处无法读取 Compose 文件：下次执行 `docker compose up` 会换回错误的镜像。请在文件中改正标签。',
				),
			);
		const written = settingOf(see, name, ['image']);
		const present = written ? filledIn(see, written.text) : service.image;
		const {name: image, tag} = readReference(present);
		const fitting = tagFor(image, tag, majorVersion);
		const wanted = settings['image'] || (fitting === null ? null : `${image}:${fitting}`);
		if (!written || wanted === null)
			return notApplicable(
				say(
					`It can’t be told which image has PostgreSQL ${majorVersion} in place of \`${present}\`. Name it with \`--set image=\`.`,
					`无法判断应以哪个含 PostgreSQL ${majorVersion} 的镜像代替 \`${present}\`。请用 \`--set image=\` 指定。`,
				),
			);
		const local = see(localImage, wanted);
		if (local.present && local.postgresMajor !== null && local.postgresMajor !== majorVersion)
			return notApplicable(
				say(
					`\`${wanted}\` on this machine holds PostgreSQL ${local.postgresMajor}, and the data is of version ${majorVersion}.`,
					`本机的 \`${wanted}\` 是 PostgreSQL ${local.postgresMajor}，而数据是 ${majorVersion} 版本。`,
				),
			);
		const edits = pinned(see, name, wanted);
		if ('why' in edits) return notApplicable(edits.why);
		return servicePlan(see, finding, {
			fix: 'pin-image-version',
			edits,
			before: local.present ? [] : [{step: 'pull-image', input: {image: wanted}}],
			route: local.present
				? say(
						`\`${wanted}\` is on this machine; the data was made by PostgreSQL ${majorVersion}.`,
						`本机已有 \`${wanted}\`；数据由 PostgreSQL ${majorVersion} 创建。`,
					)
				: say(
						`\`${wanted}\` is not on this machine: it is fetched first, and nothing is changed if that fails. The data was made by PostgreSQL ${majorVersion}.`,
						`本机没有 \`${wanted}\`：会先获取它，若失败则不做任何改动。数据由 PostgreSQL ${majorVersion} 创建。`,
					),
		});
	},
	verify(finding, plan) {
		const before = finding.hands[0]?.['identifier'];
		return plan.restarts.map(name => ({
			says: say(
				`${name} accepts connections, and it is the same database cluster as before`,
				`${name} 接受连接，且仍是原来的数据库集群`,
			),
			passes: see => {
				const reading = see(databaseCatalog, name);
				const now = reading.kind === 'read' ? reading.catalog.systemIdentifier : null;
				return (
					see(databaseReadiness, name).state === 'accepting' &&
					(typeof before !== 'string' || now === null || now === before) &&
					see(dataDirectory, name).imageMajor === see(dataDirectory, name).majorVersion
				);
			},
		}));
	},
});
