import {type Check, fix, type PlanAnswer, type Setting} from '../core/fix.ts';
import {say} from '../core/say.ts';
import {dataOwner} from '../probes/data-owner.ts';
import {isExternal} from '../probes/looks.ts';
import {mountRefusesOwners, ownersOfAnother} from '../probes/owner-looks.ts';
import {answersAgain, type FilesPatient, filesPatient, filesPlan} from './parts/data-files.ts';
import {handsOf} from './parts/hands.ts';
import {notApplicable} from './parts/login-plan.ts';

const follow: Setting = {
	key: 'follow',
	says: say(
		'`user`: the files shall belong to the user that the container runs as',
		'`user`：文件改归容器运行时的用户所有',
	),
	secret: false,
	choices: ['user'],
};

/** A directory that belongs as a whole to one other user was made by a server of that number: then `user:` is what is wrong. */
const userIsWrong = ({database}: FilesPatient, name: string, {uid, gid}: {uid: number; gid: number}): PlanAnswer => ({
	kind: 'asks',
	settings: [follow],
	why: say(
		`All files belong to user ${uid}, who made them; it is ${database} that runs as \`${name}\` by its \`user:\` line. Take that line out of the Compose file or write \`user: "${uid}:${gid}"\`, and \`docker compose up -d ${database}\`. Only if the new user is meant: \`--set follow=user\` gives all files to it.`,
		`所有文件都属于创建它们的用户 ${uid}；是 ${database} 的 \`user:\` 一行使它以 \`${name}\` 运行。请从 Compose 文件中去掉该行，或写成 \`user: "${uid}:${gid}"\`，然后执行 \`docker compose up -d ${database}\`。只有确实想用新用户时，才用 \`--set follow=user\` 把所有文件交给它。`,
	),
});

export const fixOwnership = fix({
	id: 'fix-ownership',
	title: say('Give the data back to the server’s user', '把数据交还给服务器的用户'),
	risk: 'changes-data',
	about: say(
		'Changes the owner of those files only that belong to somebody else, to the user and group that the container runs as, tablespaces and a `pg_wal` elsewhere included. Who owned what before is kept as a list.',
		'只更改属于他人的文件的所有者，改为容器运行时的用户和组，包括位于别处的表空间和 `pg_wal`。之前的所有者会保存为清单。',
	),
	limits: say(
		'Whatever gave the files away may do it again: a backup that is restored as root, or a `user:` line. A mount without owners can’t be cured so.',
		'造成问题的原因可能会再次出现：以 root 还原的备份，或 `user:` 一行。不支持所有者的挂载无法这样修复。',
	),
	offered: see => !isExternal(see),
	settings: [follow],
	plan(see, finding, settings) {
		const patient = filesPatient(see, finding);
		if ('kind' in patient) return patient;
		const {database, place} = patient;
		const {directory, runsAs} = see(dataOwner, database);
		const {uid, name} = runsAs;
		if (uid === null)
			return notApplicable(
				say(
					`The image knows no user \`${name}\`: correct \`user:\` in the Compose file.`,
					`镜像中没有用户 \`${name}\`：请在 Compose 文件中改正 \`user:\`。`,
				),
			);
		if (uid === 0)
			return notApplicable(
				say(
					'A server never runs as root, so root must not own its files.',
					'服务器绝不以 root 运行，因此文件不能归 root 所有。',
				),
			);
		if (directory?.kind !== 'folder')
			return notApplicable(
				say('The data directory is not there, or only a link to it.', '数据目录不存在，或只是一个链接。'),
			);
		if (mountRefusesOwners(see, database))
			return notApplicable(
				say(
					`\`${place.source}\` refuses to change owners, even to root: move the data with \`fix move-to-named-volume\`.`,
					`\`${place.source}\` 连 root 也不允许更改所有者：请用 \`fix move-to-named-volume\` 移动数据。`,
				),
			);
		const another = ownersOfAnother(see, database);
		if (another && settings['follow'] !== 'user') return userIsWrong(patient, name, another);
		const input = {service: database, place};
		return filesPlan(see, finding, patient, {
			fix: 'fix-ownership',
			looks: [{step: 'try-mount', input: {...input, wants: 'owners'}}],
			changes: [{step: 'change-owners', input: {...input, uid}}],
			route: null,
			loses: say('Nothing: the owners of before are kept.', '不丢失任何东西：原来的所有者会保存下来。'),
			takes: say('a few seconds; up to a minute for each hundred thousand files', '几秒钟；每十万个文件最多约一分钟'),
			undo: say(
				'The server is stopped and every file that is still there gets its old owner back.',
				'停止服务器，并让仍存在的每个文件恢复原来的所有者。',
			),
		});
	},
	verify(finding) {
		return [
			...handsOf(finding).map(
				({database}): Check => ({
					says: say(
						`The files of ${database} belong to the user that it runs as`,
						`${database} 的文件属于它运行时的用户`,
					),
					passes: see => {
						const {directory, files, runsAs} = see(dataOwner, database);
						return directory !== null && [directory, ...files].every(({uid}) => uid === runsAs.uid);
					},
				}),
			),
			...answersAgain(finding),
		];
	},
});
