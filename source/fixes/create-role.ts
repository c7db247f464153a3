import {accessHands, choosePasswords} from '../core/access-hands.ts';
import {type Check, fix} from '../core/fix.ts';
import {say} from '../core/say.ts';
import {clientLogin} from '../probes/client-login.ts';
import {databaseCatalog} from '../probes/database-catalog.ts';
import {passwordAccepted} from './parts/login-checks.ts';
import {assumptions, chooseWay, credentialsOf, waySettings} from './parts/sql-way.ts';
import {around, returnServices, saveEvidence} from './parts/step-calls.ts';

const accessChoices = ['use', 'login'];

export const createRole = fix({
	id: 'create-role',
	title: say('Create the missing role with the configured password', '用配置中的密码创建缺失的角色'),
	risk: 'changes-data',
	about: say(
		'Creates a plain login role (no superuser rights) with a SCRAM verifier computed here and lets it use its database; one that does not exist yet is created empty.',
		'创建一个普通的登录角色（无超级用户权限），密码以本机计算的 SCRAM 校验值写入；并授予使用其数据库的权限；若该数据库还不存在，则创建一个空的。',
	),
	limits: say(
		'Tables that another role owns stay that role’s: the new role may read and write them, but migrations that alter them need their owner. When the role was only renamed in the configuration, name the old one there instead.',
		'其他角色拥有的表仍归其所有：新角色可以读写，但修改表结构的迁移仍需由所有者执行。如果只是在配置里改了角色名，改回原来的名字更合适。',
	),
	settings: [
		...waySettings,
		{
			key: 'access',
			says: say(
				'`use`: log in and use its database; `login`: log in only',
				'`use`：登录并使用其数据库；`login`：仅登录',
			),
			secret: false,
			choices: accessChoices,
		},
	],
	plan(see, finding, settings) {
		const hands = accessHands(finding);
		const database = hands[0]?.database ?? '';
		const roles = hands.map(({user}) => user);
		const chosen = choosePasswords(roles, credentialsOf(see, database));
		const without = roles.find(role => !chosen.some(one => one.role === role));
		const [first] = chosen;
		if (!first || without !== undefined)
			return {
				kind: 'not-applicable',
				why: say(
					`No client carries a password for the role \`${without ?? ''}\`; give it one in the configuration first.`,
					`没有客户端为角色 \`${without ?? ''}\` 配置密码；请先在配置中设置。`,
				),
			};
		const way = chooseWay(see, database, '', settings);
		if (way.kind === 'none')
			return way.asksPassword
				? {kind: 'asks', settings: waySettings.filter(({key}) => key !== 'route'), why: way.why}
				: {kind: 'not-applicable', why: way.why};
		const access = settings['access'] ?? 'use';
		if (!accessChoices.includes(access))
			return {
				kind: 'not-applicable',
				why: say(`\`access\` is one of: ${accessChoices.join(', ')}`, `\`access\` 可取：${accessChoices.join('、')}`),
			};
		const stops = around(way);
		const services = [...new Set(hands.map(({service}) => service))].filter(name => name !== '');
		const uses = access === 'use' && way.catalog ? hands.filter(({databaseName}) => databaseName !== '') : [];
		const pairs = [...new Map(uses.map(hand => [`${hand.user} ${hand.databaseName}`, hand])).values()];
		const isThere = (name: string): boolean => way.catalog?.databases.some(one => one.name === name) ?? false;
		const absent = [
			...new Map(pairs.filter(one => !isThere(one.databaseName)).map(one => [one.databaseName, one])).values(),
		];
		const external = way.service === null;
		return {
			kind: 'plan',
			fix: 'create-role',
			route: say(`Way: ${way.why.en}.`, `路径：${way.why.zh}。`),
			steps: [
				...(external ? [] : saveEvidence([database, ...services])),
				...stops.before,
				...chosen.map(({role, secret, agree}) => ({
					step: 'create-role',
					input: {service: database, role, secret, proves: agree, ...way.way},
				})),
				...absent.map(({user, databaseName}) => ({
					step: 'create-database',
					input: {service: database, name: databaseName, owner: user, ...way.way},
				})),
				...pairs
					.filter(({databaseName}) => isThere(databaseName))
					.map(({user, databaseName}) => ({
						step: 'grant-access',
						input: {service: database, role: user, database: databaseName, ...way.way},
					})),
				...stops.after,
				...(external ? [] : returnServices(services)),
			],
			afterUndo: external ? [] : returnServices(services),
			loses: say(
				'Nothing: no existing role, database or row is changed.',
				'不丢失任何东西：现有角色、数据库和数据行都不变。',
			),
			restarts: external ? [] : services,
			takes: say('a few seconds', '几秒钟'),
			undo: say(
				'The role is dropped again; what was made as this role meanwhile goes to the owner of its database.',
				'再次删除该角色；此间以该角色创建的对象归其数据库的所有者。',
			),
			confirm: null,
			assumes: assumptions(way),
		};
	},
	verify(finding) {
		const hands = accessHands(finding);
		const roles = [...new Map(hands.map(hand => [`${hand.database} ${hand.user}`, hand])).values()];
		return [
			...roles.map(
				({database, user}): Check => ({
					says: say(`Role \`${user}\` exists and may log in`, `角色 \`${user}\` 存在且可以登录`),
					passes: see => {
						const reading = see(databaseCatalog, database);
						return (
							reading.kind !== 'read' || reading.catalog.roles.some(({name, canLogin}) => name === user && canLogin)
						);
					},
				}),
			),
			...hands
				.filter(({credential}) => credential !== '')
				.map(
					({credential}): Check => ({
						says: say(
							`\`${credential}\` is let in with its password over TCP`,
							`\`${credential}\` 的密码通过 TCP 被接受`,
						),
						passes: see => passwordAccepted(see(clientLogin, credential)),
					}),
				),
		];
	},
});
