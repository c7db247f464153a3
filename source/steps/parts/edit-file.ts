import type {FileChange, PreparedChange} from '../../core/file-change.ts';
import {say, type Text} from '../../core/say.ts';
import type {WriteWorld} from '../../core/write-world.ts';

/** What undo needs of an edit: hashes, and references to the bytes of before and after. No content. */
export type Before = PreparedChange;

/** Works the change out and keeps the bytes of both sides before anything is written. */
export const prepare = (world: WriteWorld, file: string, change: FileChange): Promise<Before> =>
	world.write.files.prepare(file, change);

export async function write(world: WriteWorld, file: string, {changes, wanted, oldHash}: Before): Promise<void> {
	if (changes) await world.write.files.become(file, wanted, [oldHash]);
}

export async function putBack(world: WriteWorld, file: string, {changes, old, wantedHash}: Before): Promise<void> {
	if (changes) await world.write.files.become(file, old, [wantedHash]);
}

/** How a secret is named before consent, when it can't be shown. */
export function describeSecret(reference: string): Text {
	const [kind = '', rest = ''] = reference.split(/:(.*)/s);
	switch (kind) {
		case 'setting':
			return say('the password you gave', '你提供的密码');
		case 'candidate':
			return say('the password that was found and fits', '找到的、经验证有效的密码');
		case 'generated':
			return say('a new random password', '新生成的随机密码');
		case 'meant':
			return say(
				`the password that \`${rest.split('|')[1] ?? ''}\` was meant to be`,
				`\`${rest.split('|')[1] ?? ''}\` 本来要表示的密码`,
			);
		default:
			return say(`the password of \`${reference}\``, `\`${reference}\` 的密码`);
	}
}
