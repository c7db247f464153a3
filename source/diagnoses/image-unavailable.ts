import {diagnosis, points, type Scope} from '../core/diagnosis.ts';
import {say} from '../core/say.ts';
import {imageState} from '../probes/image-state.ts';
import {sampleFacts, seen} from './samples.ts';

export const imageUnavailable = diagnosis<Scope & {subject: string}>({
	id: 'image-unavailable',
	severity: 'failure',
	name: say('The image of a service is not there', '某个服务的镜像不存在'),
	title: ({subject}) => say(`The image of ${subject} is not on this machine`, `本机没有 ${subject} 的镜像`),
	about: say(
		'The service has no container because its image could not be fetched or was never built: a misspelt or removed tag, a private registry without `docker login`, a registry that can’t be reached or has had enough of you, a variable in `image:` that is blank. Compose fetches all images first, so that one missing image keeps other services from starting as well.',
		'该服务没有容器，因为镜像无法获取或从未构建：标签拼错或已被删除、私有仓库没有 `docker login`、仓库无法访问或限流，或 `image:` 中的变量为空。Compose 会先获取全部镜像，所以缺一个镜像也会让其他服务无法启动。',
	),
	beware: say(
		'Do not change a database to `latest` only to get an image: a newer major version refuses the data.',
		'不要为了拿到镜像而把数据库改成 `latest`：更新的大版本会拒绝现有数据。',
	),
	lookAlikes: [
		{
			id: 'compose-invalid',
			tell: say(
				'There Compose refuses its file before it looks for any image: `docker compose config --quiet`.',
				'那种情况 Compose 在查找镜像之前就拒绝了文件：`docker compose config --quiet`。',
			),
		},
		{
			id: 'platform-mismatch',
			tell: say(
				'There the registry has the tag, for other processors only: `no matching manifest`.',
				'那种情况仓库里有该标签，但只有其他处理器的版本：`no matching manifest`。',
			),
		},
	],
	certainty: 'certain',
	because(see, {subject}) {
		const {reference, builds} = see(imageState, subject);
		return [
			points(
				say(`${subject} has no container, though the files ask for one`, `文件要求运行 ${subject}，但它没有容器`),
				'deployment-state',
			),
			points(
				builds
					? say(
							`The engine has no image \`${reference}\`, which is to be built from this folder`,
							`引擎没有镜像 \`${reference}\`，它应从本目录构建`,
						)
					: say(`The engine has no image \`${reference}\``, `引擎没有镜像 \`${reference}\``),
				'image-state',
			),
		];
	},
	affects: (_see, {subject}) => [subject],
	hands: (see, {subject}) => ({service: subject, image: see(imageState, subject).reference}),
	fixes: [],
	noFix: say(
		'Ask for it and read the answer: `docker compose pull` (or `docker compose build` where the file has `build:`). `manifest unknown`: correct the tag. `pull access denied`: `docker login`. No answer: bring the image over with `docker save` and `docker load`. Then `docker compose up -d`.',
		'请求该镜像并看回答：`docker compose pull`（文件里有 `build:` 时用 `docker compose build`）。`manifest unknown`：改正标签。`pull access denied`：执行 `docker login`。没有回答：用 `docker save` 和 `docker load` 把镜像带过来。然后执行 `docker compose up -d`。',
	),
	examples: [
		() =>
			sampleFacts({
				services: {web: {status: 'missing', id: '', name: '', startedAt: null}},
				also: [
					seen(imageState, 'web', {
						reference: 'shop/web:3.99',
						present: false,
						platform: null,
						builds: false,
						program: null,
					}),
				],
			}),
	],
});
