import {type Check, fix} from '../core/fix.ts';
import {list, say} from '../core/say.ts';
import {dataOwner} from '../probes/data-owner.ts';
import {leftLocks} from '../probes/lock-looks.ts';
import {isExternal} from '../probes/looks.ts';
import {answersAgain, filesPatient, filesPlan} from './parts/data-files.ts';
import {handsOf} from './parts/hands.ts';
import {notApplicable} from './parts/login-plan.ts';

export const removeStalePid = fix({
	id: 'remove-stale-pid',
	title: say('Take the left-over lock file away', '移走残留的锁文件'),
	risk: 'changes-data',
	about: say(
		'Proves that no server works on the data directory, in any container or outside, keeps `postmaster.pid` byte for byte, takes it away and starts the server.',
		'先证明容器内外都没有服务器在使用该数据目录，再按字节备份 `postmaster.pid`，然后将其移走并启动服务器。',
	),
	limits: say(
		'It comes back after the next hard stop if a script is process 1 and the server gets a number that others may have: let the script end in `exec postgres`.',
		'若容器的 1 号进程是脚本，服务器的进程号可能与他人重复，下次强制停止后问题会再次出现：请让脚本以 `exec postgres` 结尾。',
	),
	offered: see => !isExternal(see),
	settings: [
		{
			key: 'host',
			says: say(
				'`checked` when you have seen with `pgrep -a postgres` that no server of the machine uses the folder',
				'如果已用 `pgrep -a postgres` 确认本机没有服务器使用该目录，填 `checked`',
			),
			secret: false,
			choices: ['checked'],
		},
	],
	plan(see, finding, settings) {
		const patient = filesPatient(see, finding);
		if ('kind' in patient) return patient;
		const {database, place} = patient;
		const files = leftLocks(see, database);
		if (files.length === 0) return notApplicable(say('There is no lock file any more.', '锁文件已不存在。'));
		const hostIsChecked = settings['host'] === 'checked';
		return filesPlan(see, finding, patient, {
			fix: 'remove-stale-pid',
			route: null,
			looks: [{step: 'prove-unused', input: {service: database, place, hostIsChecked}}],
			changes: [{step: 'set-lock-aside', input: {service: database, place, files, hostIsChecked}}],
			loses: say(
				`Nothing: ${list(files.map(file => `\`${file}\``)).en} is kept byte for byte.`,
				`不丢失任何东西：${list(files.map(file => `\`${file}\``)).zh} 会按字节备份。`,
			),
			takes: say(
				'a few seconds, or as long as the crash recovery of the server takes',
				'几秒钟；若服务器需要崩溃恢复，则取决于恢复时间',
			),
			undo: say(
				'The server is stopped and the lock file put back with its owner, mode and time.',
				'停止服务器，并恢复锁文件及其所有者、权限和时间。',
			),
		});
	},
	verify(finding) {
		return [
			...answersAgain(finding),
			...handsOf(finding).map(
				({database}): Check => ({
					says: say(`${database} has written a lock file of its own`, `${database} 已写入自己的锁文件`),
					passes: see => see(dataOwner, database).lock?.holds === 'pid',
				}),
			),
		];
	},
});
