import {diagnosis, points} from '../core/diagnosis.ts';
import {say} from '../core/say.ts';
import {grantSchema} from '../fixes/grant-schema.ts';
import {type ClientScope, handOver} from '../probes/looks.ts';
import {schemaDenied} from '../probes/schema-looks.ts';
import {sampleFacts} from './samples.ts';

export const schemaPrivilege = diagnosis<ClientScope>({
	id: 'schema-privilege',
	severity: 'failure',
	name: say('The role may not create tables in the schema', '角色无权在 schema 中建表'),
	title: ({credential}) =>
		say(
			`\`${credential.user}\` may not create tables in \`${credential.database}\``,
			`\`${credential.user}\` 无权在 \`${credential.database}\` 中建表`,
		),
	about: say(
		'From PostgreSQL 15 on only the owner of a database may create things in its schema `public`; before, everybody could. Applications with a role of their own fail at their first migration on a database that a superuser made for them.',
		'从 PostgreSQL 15 起，只有数据库的所有者才能在 schema `public` 中创建对象；以前人人都可以。应用使用自己的角色、而数据库由超级用户创建时，会在第一次迁移时失败。',
	),
	beware: say(
		'Do not make the role a superuser, and do not grant to everybody: owning its own database is enough.',
		'不要把角色设为超级用户，也不要授权给所有人：让它拥有自己的数据库就够了。',
	),
	lookAlikes: [
		{
			id: 'extension-privilege',
			tell: say(
				'There the server says `permission denied to create extension`.',
				'那种情况下服务器会说 `permission denied to create extension`。',
			),
		},
		{
			id: 'schema-missing',
			tell: say('There the tables may be made, and were not.', '那种情况下可以建表，只是没有建。'),
		},
	],
	certainty: 'certain',
	because(see, scope) {
		const denied = schemaDenied(see, scope);
		if (!denied) return [];
		const {credential, database} = scope;
		return [
			points(
				say(
					`\`${credential.user}\` has no CREATE on the schema \`${denied.schema}\` of \`${credential.database}\``,
					`\`${credential.user}\` 对 \`${credential.database}\` 的 schema \`${denied.schema}\` 没有 CREATE 权限`,
				),
				'database-content',
			),
			points(
				say(`It was refused: ${denied.event.text}`, `请求被拒绝：${denied.event.text}`),
				`log of ${credential.service || database}`,
				denied.event.at,
			),
		];
	},
	affects: (_see, {credential}) => [credential.service],
	key: ({database, credential}) => `${database} ${credential.database} ${credential.user}`,
	hands: (_see, scope) => handOver(scope),
	fixes: [grantSchema],
	examples: [
		() =>
			sampleFacts({
				services: {api: {status: 'restarting', restartCount: 3, exitCode: 1}},
				roles: {postgres: {superuser: false}},
				content: {creators: [{role: 'postgres', inDatabase: false, inPublic: false}]},
				logs: {api: [{severity: 'error', text: 'error: permission denied for schema public'}]},
			}),
	],
});
