import {diagnosis, points} from '../core/diagnosis.ts';
import type {See} from '../core/probe.ts';
import {list, say} from '../core/say.ts';
import {createExtension} from '../fixes/create-extension.ts';
import {type ExtensionTrouble, extensionTroubles} from '../probes/extension-looks.ts';
import type {DatabaseScope} from '../probes/looks.ts';
import {sampleFacts} from './samples.ts';

const denied = (see: See, database: string): ExtensionTrouble[] =>
	extensionTroubles(see, database).filter(({kind}) => kind === 'denied');

export const extensionPrivilege = diagnosis<DatabaseScope>({
	id: 'extension-privilege',
	severity: 'failure',
	name: say('The role may not create an extension', '角色无权创建扩展'),
	title: ({database}) =>
		say(
			`A role may not create an extension that it needs on ${database || 'the database'}`,
			`角色无权在 ${database || '数据库'} 上创建所需的扩展`,
		),
	about: say(
		'Extensions with code of their own may be created by superusers only; trusted ones (from 13 on) by whoever has CREATE on the database. An application that logs in with a role of its own fails at the first migration that says `create extension`.',
		'含有自身代码的扩展只能由超级用户创建；受信任的扩展（13 起）可由对数据库有 CREATE 权限的角色创建。应用使用自己的角色登录时，会在第一个包含 `create extension` 的迁移处失败。',
	),
	beware: say(
		'Do not make the application’s role a superuser for it: it is needed once, and a superuser creates the extension for everybody in that database.',
		'不要为此把应用的角色设为超级用户：这只需要一次，由超级用户创建后，该数据库中的所有角色都能使用。',
	),
	lookAlikes: [
		{
			id: 'extension-missing',
			tell: say(
				'There not even a superuser can create it: the server says `is not available`.',
				'那种情况下连超级用户也无法创建：服务器会说 `is not available`。',
			),
		},
	],
	certainty: 'certain',
	because: (see, {database}) =>
		denied(see, database).flatMap(({name, roles, databases, superuser, event}) => [
			points(
				say(
					`\`${name}\` is not in ${list(databases.map(one => `\`${one}\``)).en}, and ${list(roles.map(one => `\`${one}\``)).en} may not create it: ${superuser ? 'only a superuser may' : 'that takes CREATE on the database'}`,
					`${list(databases.map(one => `\`${one}\``)).zh} 中没有 \`${name}\`，而 ${list(roles.map(one => `\`${one}\``)).zh} 无权创建：${superuser ? '只有超级用户可以' : '需要数据库的 CREATE 权限'}`,
				),
				'database-content',
			),
			...(event
				? [points(say(`A client was told: ${event.text}`, `客户端收到：${event.text}`), `log of ${database}`, event.at)]
				: []),
		]),
	affects: (see, {database}) => [...new Set(denied(see, database).flatMap(({services}) => services))],
	fixes: [createExtension],
	examples: [
		() =>
			sampleFacts({
				services: {api: {status: 'restarting', restartCount: 3, exitCode: 1}},
				roles: {postgres: {superuser: false}},
				content: {creators: [{role: 'postgres', inDatabase: false, inPublic: true}]},
				logs: {db: [{severity: 'ERROR', text: 'permission denied to create extension "uuid-ossp"'}]},
				facts: {'extension-offer db': [{name: 'uuid-ossp', superuser: true, trusted: true}]},
			}),
	],
});
