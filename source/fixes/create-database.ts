import {accessHands} from '../core/access-hands.ts';
import {type Check, fix} from '../core/fix.ts';
import {say} from '../core/say.ts';
import {clientLogin} from '../probes/client-login.ts';
import {databaseCatalog} from '../probes/database-catalog.ts';
import {assumptions, chooseWay, waySettings} from './parts/sql-way.ts';
import {around, returnServices, saveEvidence} from './parts/step-calls.ts';

export const createDatabase = fix({
	id: 'create-database',
	title: say('Create the missing database, owned by the client’s role', '创建缺失的数据库，归客户端的角色所有'),
	risk: 'changes-data',
	about: say(
		'Creates an empty database with the client’s role as owner. The application fills it with its own migrations when it starts.',
		'创建一个以客户端角色为所有者的空数据库。应用启动时会用自己的迁移脚本填充它。',
	),
	limits: say(
		'If the data used to be there, this is the wrong data directory or a changed name: an empty database does not bring anything back.',
		'如果以前有数据，那么要么数据目录不对，要么名字改了：空数据库不会找回任何数据。',
	),
	settings: waySettings,
	plan(see, finding, settings) {
		const hands = accessHands(finding).filter(({databaseName}) => databaseName !== '');
		const database = hands[0]?.database ?? '';
		const way = chooseWay(see, database, hands[0]?.user ?? '', settings);
		if (way.kind === 'none')
			return way.asksPassword
				? {kind: 'asks', settings: waySettings.filter(({key}) => key !== 'route'), why: way.why}
				: {kind: 'not-applicable', why: way.why};
		const wanted = [...new Map(hands.map(hand => [hand.databaseName, hand])).values()].filter(
			({databaseName}) => !way.catalog?.databases.some(({name}) => name === databaseName),
		);
		if (wanted.length === 0)
			return {kind: 'not-applicable', why: say('The database exists by now.', '数据库已经存在。')};
		const ownerless = wanted.find(({user}) => way.catalog && !way.catalog.roles.some(({name}) => name === user));
		if (ownerless)
			return {
				kind: 'not-applicable',
				why: say(
					`Its owner, the role \`${ownerless.user}\`, does not exist yet: run \`fix create-role\` first.`,
					`其所有者角色 \`${ownerless.user}\` 还不存在：请先执行 \`fix create-role\`。`,
				),
			};
		if (way.way.route === 'single-user')
			return {
				kind: 'not-applicable',
				why: say(
					'A database can’t be created in single-user mode; start the server.',
					'单用户模式下不能创建数据库；请启动服务器。',
				),
			};
		const services = [...new Set(hands.map(({service}) => service))].filter(name => name !== '');
		const external = way.service === null;
		const stops = around(way);
		const steps = wanted.map(({databaseName, user}) => ({
			step: 'create-database',
			input: {service: database, name: databaseName, owner: user, ...way.way},
		}));
		return {
			kind: 'plan',
			fix: 'create-database',
			route: say(`Way: ${way.why.en}.`, `路径：${way.why.zh}。`),
			steps: external
				? steps
				: [
						...saveEvidence([database, ...services]),
						...stops.before,
						...steps,
						...stops.after,
						...returnServices(services),
					],
			afterUndo: external ? [] : returnServices(services),
			loses: say('Nothing: no existing database is changed.', '不丢失任何东西：现有数据库都不变。'),
			restarts: external ? [] : services,
			takes: say('a few seconds', '几秒钟'),
			undo: say(
				'The database is dropped again while it holds no table; else it is kept under another name.',
				'若其中还没有任何表，则删除该数据库；否则改名保留。',
			),
			confirm: null,
			assumes: assumptions(way),
		};
	},
	verify(finding) {
		const hands = accessHands(finding);
		const wanted = [...new Map(hands.map(hand => [`${hand.database} ${hand.databaseName}`, hand])).values()];
		return [
			...wanted.map(
				({database, databaseName}): Check => ({
					says: say(
						`Database \`${databaseName}\` exists and accepts connections`,
						`数据库 \`${databaseName}\` 存在且接受连接`,
					),
					passes: see => {
						const reading = see(databaseCatalog, database);
						return (
							reading.kind !== 'read' ||
							reading.catalog.databases.some(({name, allowConnections}) => name === databaseName && allowConnections)
						);
					},
				}),
			),
			...hands
				.filter(({credential}) => credential !== '')
				.map(
					({credential}): Check => ({
						says: say(`\`${credential}\` logs in to it over TCP`, `\`${credential}\` 能通过 TCP 登录到该数据库`),
						passes: see => see(clientLogin, credential).outcome === 'ok',
					}),
				),
		];
	},
});
