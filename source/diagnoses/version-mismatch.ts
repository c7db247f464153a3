import {diagnosis, points} from '../core/diagnosis.ts';
import {ifKnown} from '../core/if-known.ts';
import {say} from '../core/say.ts';
import {pinImageVersion} from '../fixes/pin-image-version.ts';
import {upgradeMajor} from '../fixes/upgrade-major.ts';
import {clusterFiles} from '../probes/cluster-files.ts';
import {dataDirectory} from '../probes/data-directory.ts';
import {type DatabaseScope, serviceNamed} from '../probes/looks.ts';
import {saidAtStart} from '../probes/start-looks.ts';
import {sampleFacts} from './samples.ts';

export const versionMismatch = diagnosis<DatabaseScope>({
	id: 'version-mismatch',
	severity: 'failure',
	name: say('The data was made by another major version of PostgreSQL', '数据由另一个 PostgreSQL 主版本创建'),
	title: ({database}) =>
		say(
			`The data of ${database} was made by another major version of PostgreSQL than its image has`,
			`${database} 的数据由另一个 PostgreSQL 主版本创建，与镜像的版本不同`,
		),
	about: say(
		'The files of one major version can’t be opened by another: `postgres:15` became `postgres:16`, `latest` moved on, or a volume was taken over from elsewhere. Nothing is lost: the server refuses before it touches anything.',
		'一个主版本的数据文件不能被另一个主版本打开：`postgres:15` 换成了 `postgres:16`、`latest` 指向了新版本，或从别处接手了一个卷。什么都没有丢：服务器在动任何文件之前就拒绝了。',
	),
	beware: say(
		'Do not edit `PG_VERSION` and do not delete the volume: the one ruins the data, the other loses it.',
		'不要修改 `PG_VERSION`，也不要删除卷：前者毁掉数据，后者丢掉数据。',
	),
	lookAlikes: [
		{
			id: 'pg18-mount-layout',
			tell: say(
				'Images from 18 on refuse the old mount before any version is compared; their words are `in 18+, these Docker images are configured to store database data in a`.',
				'18 及以后的镜像在比较版本之前就会拒绝旧的挂载方式，它说的是 `in 18+, these Docker images are configured to store database data in a`。',
			),
		},
	],
	certainty: (see, {database}) => (see(dataDirectory, database).imageMajor === null ? 'likely' : 'certain'),
	because(see, {database}) {
		const {majorVersion, imageMajor, path} = see(dataDirectory, database);
		const image = serviceNamed(see, database)?.image ?? '';
		const said = saidAtStart(see, database, 'data-of-another-version');
		return [
			points(
				say(
					`\`${path}/PG_VERSION\` says ${majorVersion ?? '?'}: that version made the data`,
					`\`${path}/PG_VERSION\` 的内容是 ${majorVersion ?? '?'}：数据由该版本创建`,
				),
				'data-directory',
			),
			...(imageMajor
				? [
						points(
							say(
								`The image \`${image}\` has PostgreSQL ${imageMajor} (\`PG_MAJOR\`)`,
								`镜像 \`${image}\` 里是 PostgreSQL ${imageMajor}（\`PG_MAJOR\`）`,
							),
							'data-directory',
						),
					]
				: []),
			...(said
				? [
						points(
							say(
								`${database} said: ${[said.text, said.detail].filter(Boolean).join(' ')}`,
								`${database} 的日志：${[said.text, said.detail].filter(Boolean).join(' ')}`,
							),
							`log of ${database}`,
							said.at,
						),
					]
				: []),
		];
	},
	affects: (_see, {database}) => [database],
	hands: (see, {database}) => {
		const {majorVersion, imageMajor} = see(dataDirectory, database);
		const identifier = ifKnown(() => see(clusterFiles, database))?.control?.systemIdentifier ?? null;
		return {database, data: majorVersion, image: imageMajor, identifier};
	},
	fixes: [pinImageVersion, upgradeMajor],
	suits(fix, see, {database}) {
		const {majorVersion, imageMajor} = see(dataDirectory, database);
		return fix !== upgradeMajor || Number(majorVersion) < Number(imageMajor);
	},
	examples: [
		() =>
			sampleFacts({
				services: {db: {status: 'restarting', exitCode: 1, restartCount: 4}},
				directory: {majorVersion: '13', imageMajor: '15'},
				logs: {
					db: [
						{
							severity: 'FATAL',
							text: 'database files are incompatible with server',
							detail:
								'The data directory was initialized by PostgreSQL version 13, which is not compatible with this version 15.8.',
						},
					],
				},
			}),
	],
});
