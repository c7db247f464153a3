import {type Check, fix, type PlanAnswer} from '../core/fix.ts';
import type {See} from '../core/probe.ts';
import {list, say, type Text} from '../core/say.ts';
import {contentOf, databaseContent} from '../probes/database-content.ts';
import {type ExtensionTrouble, extensionTroubles} from '../probes/extension-looks.ts';
import {type ExtensionOffer, extensionOffer} from '../probes/extension-offer.ts';
import {catalogOf, isExternal, serviceNamed} from '../probes/looks.ts';
import {unique} from './parts/hands.ts';
import {notApplicable} from './parts/login-plan.ts';
import {assumptions, chooseWay} from './parts/sql-way.ts';
import {around, returnServices, saveEvidence} from './parts/step-calls.ts';

/** Image families that are PostgreSQL with this extension, as their publishers tag them; `N` is the major version. */
const families: Record<string, string> = {
	vector: 'pgvector/pgvector:pgN',
	postgis: 'postgis/postgis:N-3.5',
	timescaledb: 'timescale/timescaledb:latest-pgN',
};

const isOurs = ({kind}: ExtensionTrouble): boolean => kind === 'not-created' || kind === 'denied';

/** Whether the files are there, so that a superuser has only to create it. */
export const canCreate = (see: See, database: string): boolean => extensionTroubles(see, database).some(isOurs);

function otherImage(see: See, database: string, {name}: ExtensionTrouble): Text {
	const major = String(Math.floor((catalogOf(see, database)?.versionNumber ?? 0) / 10_000));
	const image = families[name]?.replace('N', major);
	const own = serviceNamed(see, database)?.image ?? '';
	const sorts =
		own.includes('alpine') && image !== undefined && !image.startsWith('timescale')
			? say(
					' It is built on Debian, which sorts text by other rules than your alpine image: rebuild the indexes on text afterwards (`fix refresh-collation`).',
					' 它基于 Debian，文本排序规则与你的 alpine 镜像不同：换用后需重建文本索引（`fix refresh-collation`）。',
				)
			: say('', '');
	return image
		? say(
				`\`${name}\` is not in the image \`${own}\`. Take \`${image}\`, which has the same major version, in the Compose file.${sorts.en}`,
				`镜像 \`${own}\` 中没有 \`${name}\`。请在 Compose 文件中换成主版本相同的 \`${image}\`。${sorts.zh}`,
			)
		: say(
				`\`${name}\` is not in the image \`${own}\`: take one of PostgreSQL ${major} that brings it.`,
				`镜像 \`${own}\` 中没有 \`${name}\`：请换成带有它的 PostgreSQL ${major} 镜像。`,
			);
}

/** An extension after those that it needs itself, each once. */
function inOrder(name: string, offers: readonly ExtensionOffer[], seen: readonly string[] = []): ExtensionOffer[] {
	const offer = offers.find(one => one.name === name);
	if (!offer || seen.includes(name)) return [];
	const before = (offer.requires ?? []).flatMap(other => inOrder(other, offers, [...seen, name]));
	return [...new Map([...before, offer].map(one => [one.name, one])).values()];
}

function planFor(see: See, database: string, schema: string | undefined): PlanAnswer {
	const troubles = extensionTroubles(see, database);
	const wanted = troubles.filter(isOurs);
	const missing = troubles.filter(one => !isOurs(one)).map(one => otherImage(see, database, one));
	const images = say(missing.map(({en}) => en).join(' '), missing.map(({zh}) => zh).join(''));
	if (wanted.length === 0)
		return notApplicable(missing.length > 0 ? images : say('The extension is there by now.', '扩展已经存在。'));
	const way = chooseWay(see, database, '', {});
	if (way.kind === 'none') return notApplicable(way.why);
	const offers = see(extensionOffer, database);
	const pairs = wanted.flatMap(({name, databases}) =>
		databases.flatMap(where => inOrder(name, offers).map(offer => ({offer, where}))),
	);
	const made = [...new Map(pairs.map(pair => [`${pair.where} ${pair.offer.name}`, pair])).values()].filter(
		({offer, where}) =>
			!see(databaseContent, contentOf(database, where)).extensions.some(one => one.name === offer.name),
	);
	const trusted = made.filter(({offer}) => offer.trusted).map(({offer}) => `\`${offer.name}\``);
	const clients = isExternal(see) ? [] : unique(wanted.flatMap(({services}) => services));
	const stops = around(way);
	return {
		kind: 'plan',
		fix: 'create-extension',
		route: say(
			`Way: ${way.why.en}.${trusted.length > 0 ? ` ${list(trusted).en} is trusted: \`GRANT CREATE ON DATABASE\` would let the role create it itself.` : ''}${missing.length > 0 ? ` ${images.en}` : ''}`,
			`路径：${way.why.zh}。${trusted.length > 0 ? `${list(trusted).zh} 是受信任的扩展：用 \`GRANT CREATE ON DATABASE\` 也可让该角色自行创建。` : ''}${images.zh}`,
		),
		steps: [
			...(way.service ? saveEvidence([database, ...clients]) : []),
			...stops.before,
			...made.map(({offer, where}) => ({
				step: 'create-extension',
				input: {
					service: database,
					...{name: offer.name, database: where, schema: offer.schema ? null : (schema ?? 'public')},
					...way.way,
				},
			})),
			...stops.after,
			...returnServices(clients),
		],
		afterUndo: returnServices(clients),
		loses: say('Nothing: only types and functions are added.', '不丢失任何东西：只增加类型和函数。'),
		restarts: clients,
		takes: say('a few seconds', '几秒钟'),
		undo: say(
			'The extension is dropped again unless something was made with it meanwhile; then it stays.',
			'再次删除该扩展；若其间已有对象依赖它，则保留。',
		),
		confirm: null,
		assumes: assumptions(way),
	};
}

export const createExtension = fix({
	id: 'create-extension',
	title: say('Create the extension as the superuser', '以超级用户身份创建扩展'),
	risk: 'changes-data',
	about: say(
		'Runs `CREATE EXTENSION IF NOT EXISTS` once as the bootstrap superuser, in the database that the client uses, together with the extensions that it needs itself.',
		'以初始超级用户身份，在客户端使用的数据库中执行一次 `CREATE EXTENSION IF NOT EXISTS`，并一并创建它所依赖的扩展。',
	),
	limits: say(
		'Only what the image brings can be created. An extension whose files are gone needs another image of the same PostgreSQL version.',
		'只能创建镜像自带的扩展。文件已不存在的扩展需要换用相同 PostgreSQL 版本的另一个镜像。',
	),
	settings: [
		{
			key: 'schema',
			says: say('Schema for its objects; `public` by default', '其对象所在的 schema；默认为 `public`'),
			secret: false,
		},
	],
	plan: (see, finding, settings) => planFor(see, finding.subject ?? '', settings['schema']),
	verify(finding, {steps}) {
		const made = steps.filter(({step}) => step === 'create-extension').map(({input}) => input);
		return made.map(
			({name, database}): Check => ({
				says: say(`\`${database}\` has the extension \`${name}\``, `\`${database}\` 已有扩展 \`${name}\``),
				passes: see =>
					see(databaseContent, contentOf(finding.subject ?? '', String(database))).extensions.some(
						extension => extension.name === name && extension.available,
					),
			}),
		);
	},
});
