import {diagnosis, points} from '../core/diagnosis.ts';
import {say, type Text} from '../core/say.ts';
import {changePassword} from '../fixes/change-password.ts';
import {fixEnvFile} from '../fixes/fix-env-file.ts';
import {useStoredPassword} from '../fixes/use-stored-password.ts';
import {type ClientScope, handOver, proofOf} from '../probes/looks.ts';
import type {Mangling} from '../probes/password-proof.ts';
import {sampleFacts} from './samples.ts';

const manglings: Record<Mangling, Text> = {
	'carriage-return': say('a carriage return stands at its end', '末尾多了一个回车符'),
	quotes: say('quotes became part of the value', '引号成了值的一部分'),
	'outer-space': say('blanks stand around it', '首尾多了空格'),
	dollar: say('Compose replaced what follows a `$`', 'Compose 把 `$` 之后的内容当变量替换了'),
	'url-encoding': say('characters that a URL reserves are not percent-encoded', 'URL 保留字符没有做百分号编码'),
	comment: say('what follows a `#` was taken for a comment', '`#` 之后的内容被当成了注释'),
	backslash: say('a backslash was read as an escape', '反斜杠被当成了转义符'),
};

export const envValueMangled = diagnosis<ClientScope>({
	id: 'env-value-mangled',
	severity: 'failure',
	name: say('A password is changed on its way into the container', '密码在传入容器的途中变了样'),
	title: ({credential}) =>
		say(
			`The password of ${credential.service} is changed on its way into the container`,
			`${credential.service} 的密码在传入容器的途中变了样`,
		),
	about: say(
		'The password is right as it was meant, and wrong as it arrives: line ends, quotes, blanks, `$`, `#` or characters that a URL reserves changed it between the file and the client.',
		'密码本身没有错，但到达客户端时已经变样：行尾符、引号、空格、`$`、`#` 或 URL 保留字符在从文件到客户端的途中改变了它。',
	),
	beware: say(
		'Do not reset the database for this: it already keeps the right password.',
		'不要为此重置数据库：它保存的密码本来就是对的。',
	),
	lookAlikes: [
		{
			id: 'stale-volume-password',
			tell: say(
				'Here the configured password fits the stored one as soon as the change is taken back: a carriage return, a quote, what followed a `$`. There it fits in no form.',
				'这里只要还原那处改变（回车符、引号、`$` 之后的内容），配置的密码就与保存的一致；那种情况下无论怎样还原都不一致。',
			),
		},
		{
			id: 'client-password-drift',
			tell: say(
				'There the client was given another password altogether; here it was given the right one, and something on the way changed it.',
				'那种情况下给客户端的就是另一个密码；这里给的是对的，只是途中被改变。',
			),
		},
		{
			id: 'env-variable-missing',
			tell: say(
				'There the value is empty; here it is not, and it has an extra or a missing character.',
				'那种情况下值为空；这里不为空，而是多了或少了字符。',
			),
		},
		{
			id: 'host-not-resolvable',
			tell: say(
				'When the unknown host ends in `@` and the real host, it is a piece of a password: a raw `@` in the URL was read as the end of the password.',
				'如果找不到的“主机名”以 `@` 加真正的主机名结尾，那其实是密码的一部分：URL 里未编码的 `@` 被当成了密码的结尾。',
			),
		},
	],
	certainty: (see, scope) =>
		proofOf(see, scope.database, scope.credential.id)?.verdict === 'mangled' ? 'certain' : 'likely',
	because(see, {database, credential}) {
		const proof = proofOf(see, database, credential.id);
		const variable = credential.variables.password ?? credential.variables.url ?? credential.id;
		return [
			...(proof?.mangling
				? [
						points(
							say(
								`\`${variable}\` of ${credential.service} fits the stored password once this is taken back: ${manglings[proof.mangling].en}`,
								`把这一点还原后，${credential.service} 的 \`${variable}\` 就与数据库保存的密码一致：${manglings[proof.mangling].zh}`,
							),
							'password-proof',
						),
					]
				: []),
			...(credential.urlProblem
				? [
						points(
							say(
								`\`${variable}\` can't be read as a URL: ${credential.urlProblem}`,
								`\`${variable}\` 无法按 URL 解析：${credential.urlProblem}`,
							),
							'client-credentials',
						),
					]
				: []),
		];
	},
	affects: (_see, {credential}) => [credential.service],
	key: ({database}) => database,
	hands: (see, scope) => ({
		...handOver(scope),
		mangling: proofOf(see, scope.database, scope.credential.id)?.mangling ?? 'url-encoding',
	}),
	fixes: [fixEnvFile, useStoredPassword, changePassword],
	examples: [
		() =>
			sampleFacts({
				services: {api: {status: 'restarting', restartCount: 3, exitCode: 1}},
				proofs: {api: {verdict: 'mangled', mangling: 'carriage-return'}},
			}),
	],
});
