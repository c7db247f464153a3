import {diagnosis, points} from '../core/diagnosis.ts';
import {list, say, type Text} from '../core/say.ts';
import {canCreate, createExtension} from '../fixes/create-extension.ts';
import {type ExtensionTrouble, extensionTroubles} from '../probes/extension-looks.ts';
import type {DatabaseScope} from '../probes/looks.ts';
import {sampleFacts} from './samples.ts';

function words({name, kind, databases}: ExtensionTrouble): Text {
	const where = list(databases.map(one => `\`${one}\``));
	switch (kind) {
		case 'files-gone':
			return say(
				`${where.en} has the extension \`${name}\`, and the files of the running image do not bring it`,
				`${where.zh} 已安装扩展 \`${name}\`，但当前镜像中没有它的文件`,
			);
		case 'not-created':
			return say(
				`The image brings \`${name}\`, and nobody created it in ${where.en}`,
				`镜像自带 \`${name}\`，但没有人在 ${where.zh} 中创建它`,
			);
		default:
			return say(
				`Among the extensions that the image brings there is no \`${name}\``,
				`镜像自带的扩展中没有 \`${name}\``,
			);
	}
}

export const extensionMissing = diagnosis<DatabaseScope>({
	id: 'extension-missing',
	severity: 'failure',
	name: say('An extension that the application needs is missing', '缺少应用需要的扩展'),
	title: ({database}) =>
		say(
			`${database || 'The database'} lacks an extension that its clients need`,
			`${database || '数据库'} 缺少客户端需要的扩展`,
		),
	about: say(
		'An extension is files in the server’s image plus `create extension` in each database. The plain `postgres` image brings those of PostgreSQL itself and not `vector`, `postgis` or `timescaledb`; a database that was made with another image keeps functions whose library is gone.',
		'扩展由服务器镜像中的文件加上每个数据库里的 `create extension` 组成。普通的 `postgres` 镜像只带 PostgreSQL 自己的扩展，没有 `vector`、`postgis` 或 `timescaledb`；用其他镜像建立的数据库会留下库文件已不存在的函数。',
	),
	beware: say(
		'Do not `drop extension … cascade` to get rid of the error: the columns that use its types go with it. Installing packages inside the running container lasts until it is recreated.',
		'不要为消除报错而执行 `drop extension … cascade`：使用其类型的列会一起消失。在运行中的容器里安装软件包，只能维持到容器重建。',
	),
	lookAlikes: [
		{
			id: 'extension-privilege',
			tell: say(
				'There the server has the files and says `permission denied to create extension`.',
				'那种情况下服务器有文件，但会说 `permission denied to create extension`。',
			),
		},
		{
			id: 'schema-missing',
			tell: say(
				'Tables that are missing are named as `relation`; types and functions of an extension are not.',
				'缺少的表会以 `relation` 指出；扩展的类型和函数则不会。',
			),
		},
	],
	certainty: 'certain',
	because: (see, {database}) =>
		extensionTroubles(see, database)
			.filter(({kind}) => kind !== 'denied')
			.flatMap(trouble => [
				points(words(trouble), trouble.kind === 'files-gone' ? 'database-content' : 'extension-offer'),
				...(trouble.event
					? [
							points(
								say(`A client was told: ${trouble.event.text}`, `客户端收到：${trouble.event.text}`),
								`log of ${database}`,
								trouble.event.at,
							),
						]
					: []),
			]),
	affects: (see, {database}) => [
		...new Set(
			extensionTroubles(see, database)
				.filter(({kind}) => kind !== 'denied')
				.flatMap(({services}) => services),
		),
	],
	fixes: [createExtension],
	suits: (_fix, see, {database}) => canCreate(see, database),
	noFix: say(
		'If the image does not bring it, take one that does, of the same PostgreSQL version and the same base system, so that the data stays as it is: for `vector` `pgvector/pgvector:pg15` instead of `postgres:15` in the Compose file, then `docker compose up -d db`. If the image brings it: `docker compose exec db psql -U postgres -d NAME -c \'create extension if not exists "vector"\'` with the names from above. Then restart the application. Put your own superuser for `postgres`.',
		'如果镜像里没有，就换成 PostgreSQL 版本和基础系统都相同、且带有它的镜像，数据保持不变：例如 `vector` 在 Compose 文件中用 `pgvector/pgvector:pg15` 代替 `postgres:15`，然后执行 `docker compose up -d db`。如果镜像里有：按上面的名字执行 `docker compose exec db psql -U postgres -d NAME -c \'create extension if not exists "vector"\'`。最后重启应用。`postgres` 请换成你自己的超级用户。',
	),
	examples: [
		() =>
			sampleFacts({
				services: {api: {status: 'restarting', restartCount: 3, exitCode: 1}},
				logs: {
					db: [
						{
							severity: 'ERROR',
							text: 'extension "vector" is not available',
							detail:
								'Could not open extension control file "/usr/share/postgresql/15/extension/vector.control": No such file or directory.',
						},
					],
				},
				facts: {'extension-offer db': [{name: 'plpgsql', superuser: true, trusted: true}]},
			}),
		() => sampleFacts({content: {extensions: [{name: 'vector', version: '0.7.4', available: false}]}}),
	],
});
