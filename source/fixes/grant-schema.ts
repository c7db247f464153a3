import {accessHands} from '../core/access-hands.ts';
import {type Check, fix} from '../core/fix.ts';
import {say} from '../core/say.ts';
import {contentOf, databaseContent} from '../probes/database-content.ts';
import {unique} from './parts/hands.ts';
import {notApplicable} from './parts/login-plan.ts';
import {assumptions, chooseWay} from './parts/sql-way.ts';
import {around, returnServices, saveEvidence} from './parts/step-calls.ts';

/** The diagnosis knows of no other: elsewhere nobody but the owner ever could. */
const schema = 'public';

export const grantSchema = fix({
	id: 'grant-schema',
	title: say('Let the role make tables in the schema', '授予角色在 schema 中建表的权限'),
	risk: 'changes-data',
	about: say(
		'Grants `USAGE` and `CREATE` on the schema `public` of that one database to that one role, as everybody had it before PostgreSQL 15.',
		'把该数据库中 schema `public` 的 `USAGE` 和 `CREATE` 权限授予这一个角色，相当于 PostgreSQL 15 之前人人都有的权限。',
	),
	limits: say(
		'Tables that another role owns stay that role’s. Where the application is alone in its database, owning it is simpler: `ALTER DATABASE … OWNER TO …`.',
		'其他角色拥有的表仍归其所有。如果数据库只有该应用使用，让它成为所有者更简单：`ALTER DATABASE … OWNER TO …`。',
	),
	settings: [],
	plan(see, finding) {
		const hands = accessHands(finding).filter(({user, databaseName}) => user !== '' && databaseName !== '');
		const database = hands[0]?.database ?? '';
		const way = chooseWay(see, database, '', {});
		if (way.kind === 'none') return notApplicable(way.why);
		const pairs = [
			...new Map(
				hands
					.filter(hand => hand.database === database)
					.map(({user, databaseName}) => [`${user} ${databaseName}`, {user, databaseName}]),
			).values(),
		];
		if (pairs.length === 0) return notApplicable(say('No role is named.', '没有指明角色。'));
		const services = unique(hands.map(({service}) => service)).filter(name => name !== '');
		const external = way.service === null;
		const stops = around(way);
		return {
			kind: 'plan',
			fix: 'grant-schema',
			route: say(`Way: ${way.why.en}.`, `路径：${way.why.zh}。`),
			steps: [
				...(external ? [] : saveEvidence([database, ...services])),
				...stops.before,
				...pairs.map(({user, databaseName}) => ({
					step: 'grant-schema',
					input: {service: database, role: user, database: databaseName, schema, ...way.way},
				})),
				...stops.after,
				...(external ? [] : returnServices(services)),
			],
			afterUndo: external ? [] : returnServices(services),
			loses: say('Nothing: a right is added, no row is changed.', '不丢失任何东西：只增加权限，不改变数据行。'),
			restarts: external ? [] : services,
			takes: say('a few seconds', '几秒钟'),
			undo: say(
				'The right is taken back; tables that the role has made meanwhile stay its own.',
				'收回权限；该角色此间创建的表仍归其所有。',
			),
			confirm: null,
			assumes: assumptions(way),
		};
	},
	verify(finding, {steps}) {
		const database = accessHands(finding)[0]?.database ?? '';
		return steps
			.filter(({step}) => step === 'grant-schema')
			.map(
				({input}): Check => ({
					says: say(
						`\`${input['role']}\` may create in \`${schema}\` of \`${input['database']}\``,
						`\`${input['role']}\` 可以在 \`${input['database']}\` 的 \`${schema}\` 中创建对象`,
					),
					passes: see =>
						see(databaseContent, contentOf(database, String(input['database']))).creators.some(
							({role, inPublic}) => role === input['role'] && inPublic,
						),
				}),
			);
	},
});
