import {octal} from '../core/amount.ts';
import {isTooOpen, rightMode} from '../core/data-mode.ts';
import {type Check, fix} from '../core/fix.ts';
import {say} from '../core/say.ts';
import {dataOwner} from '../probes/data-owner.ts';
import {isExternal} from '../probes/looks.ts';
import {answersAgain, filesPatient, filesPlan} from './parts/data-files.ts';
import {handsOf} from './parts/hands.ts';
import {notApplicable} from './parts/login-plan.ts';

export const fixMode = fix({
	id: 'fix-mode',
	title: say('Close the data directory to others', '收紧数据目录的权限'),
	risk: 'changes-data',
	about: say(
		'Gives the data directory itself the mode that it got from `initdb`, 0700 or 0750, and starts the server. No file inside it is touched.',
		'把数据目录本身的权限恢复为 `initdb` 设置的 0700 或 0750，然后启动服务器。不触碰其中任何文件。',
	),
	limits: say(
		'Whatever opened the directory may open it again: look for a script or a person that runs `chmod`. A mount without modes can’t be cured so.',
		'放宽权限的原因可能会再次出现：请找出执行 `chmod` 的脚本或人。不支持权限的挂载无法这样修复。',
	),
	offered: see => !isExternal(see),
	settings: [],
	plan(see, finding) {
		const patient = filesPatient(see, finding);
		if ('kind' in patient) return patient;
		const {database, place, data} = patient;
		const {directory, files} = see(dataOwner, database);
		if (directory?.kind !== 'folder')
			return notApplicable(
				say('The data directory is not there, or only a link to it.', '数据目录不存在，或只是一个链接。'),
			);
		if (!isTooOpen(directory.mode)) return notApplicable(say('Its mode is right by now.', '它的权限已经正确。'));
		const versionFile = files.find(({path}) => path.endsWith('/PG_VERSION'))?.mode ?? null;
		const mode = rightMode(data.majorVersion, versionFile);
		const input = {service: database, place};
		return filesPlan(see, finding, patient, {
			fix: 'fix-mode',
			looks: [{step: 'try-mount', input: {...input, wants: 'modes'}}],
			changes: [{step: 'set-data-mode', input: {...input, mode}}],
			route:
				mode === 0o750
					? say('The directory was made with group access, which it keeps.', '该目录创建时允许组访问，这一点会保留。')
					: null,
			loses: say('Nothing.', '不丢失任何东西。'),
			takes: say('a few seconds', '几秒钟'),
			undo: say(
				`The server is stopped and the directory gets mode ${octal(directory.mode)} back.`,
				`停止服务器，目录恢复为权限 ${octal(directory.mode)}。`,
			),
		});
	},
	verify(finding) {
		return [
			...handsOf(finding).map(
				({database}): Check => ({
					says: say(
						`Only its owner, and at most its group for reading, may enter the data directory of ${database}`,
						`只有所有者（以及至多只读的所属组）能进入 ${database} 的数据目录`,
					),
					passes: see => {
						const {directory} = see(dataOwner, database);
						return directory !== null && !isTooOpen(directory.mode);
					},
				}),
			),
			...answersAgain(finding),
		];
	},
});
