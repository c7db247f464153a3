import {accessHands} from '../core/access-hands.ts';
import type {RoleRow} from '../core/catalog.ts';
import {type Check, fix} from '../core/fix.ts';
import {say} from '../core/say.ts';
import {clientLogin} from '../probes/client-login.ts';
import {databaseCatalog} from '../probes/database-catalog.ts';
import {passwordAccepted} from './parts/login-checks.ts';
import {assumptions, chooseWay, waySettings} from './parts/sql-way.ts';
import {returnServices, saveEvidence} from './parts/step-calls.ts';

/** What keeps a role out besides its password. */
export const hindrances = (role: RoleRow): {login: boolean; validUntil: boolean; connectionLimit: boolean} => ({
	login: !role.canLogin,
	validUntil: role.expired,
	connectionLimit: role.connectionLimit >= 0 && role.connections >= role.connectionLimit,
});

export const allowLogin = fix({
	id: 'allow-login',
	title: say('Let the role log in again', '重新允许该角色登录'),
	risk: 'changes-data',
	about: say(
		'Takes back exactly what locks the role out: `NOLOGIN`, a `VALID UNTIL` in the past, or a `CONNECTION LIMIT` that is used up.',
		'只撤销真正挡住该角色的设置：`NOLOGIN`、已过期的 `VALID UNTIL`，或已用尽的 `CONNECTION LIMIT`。',
	),
	limits: say(
		'Somebody may have locked the role on purpose: ask before you let it in. The limits are lifted, not raised to a number of your choice.',
		'也许有人有意锁定了该角色：放行之前请先确认。限制会被取消，而不是改成某个具体数值。',
	),
	settings: waySettings.filter(({key}) => key === 'route'),
	plan(see, finding, settings) {
		const hands = accessHands(finding);
		const database = hands[0]?.database ?? '';
		const way = chooseWay(see, database, '', settings);
		if (way.kind === 'none') return {kind: 'not-applicable', why: way.why};
		const {catalog} = way;
		if (!catalog)
			return {
				kind: 'not-applicable',
				why: say(
					'The server’s catalog can’t be read, so what locks the role out is not known.',
					'无法读取服务器的系统表，因此不知道是什么挡住了该角色。',
				),
			};
		const steps = [...new Set(hands.map(({user}) => user))].flatMap(user => {
			const row = catalog.roles.find(({name}) => name === user);
			if (!row) return [];
			const lifts = hindrances(row);
			return lifts.login || lifts.validUntil || lifts.connectionLimit
				? [{step: 'allow-login', input: {service: database, role: user, lifts, ...way.way}}]
				: [];
		});
		if (steps.length === 0)
			return {kind: 'not-applicable', why: say('Nothing locks the role out any more.', '该角色已不再受任何限制。')};
		const services = [...new Set(hands.map(({service}) => service))].filter(name => name !== '');
		const external = way.service === null;
		return {
			kind: 'plan',
			fix: 'allow-login',
			route: say(`Way: ${way.why.en}.`, `路径：${way.why.zh}。`),
			steps: external ? steps : [...saveEvidence([database, ...services]), ...steps, ...returnServices(services)],
			afterUndo: external ? [] : returnServices(services),
			loses: say('Nothing.', '不丢失任何东西。'),
			restarts: external ? [] : services,
			takes: say('a few seconds', '几秒钟'),
			undo: say('The role gets its former limits back.', '恢复该角色原来的限制。'),
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
					says: say(
						`Nothing in the catalog keeps role \`${user}\` out`,
						`系统表中已没有限制角色 \`${user}\` 登录的设置`,
					),
					passes: see => {
						const reading = see(databaseCatalog, database);
						const row = reading.kind === 'read' ? reading.catalog.roles.find(({name}) => name === user) : undefined;
						return row !== undefined && !Object.values(hindrances(row)).some(Boolean);
					},
				}),
			),
			...hands
				.filter(({credential}) => credential !== '')
				.map(
					({credential}): Check => ({
						says: say(`\`${credential}\` logs in over TCP`, `\`${credential}\` 能通过 TCP 登录`),
						passes: see => passwordAccepted(see(clientLogin, credential)),
					}),
				),
		];
	},
});
