import type {FileChange, NewValue, ValuePart} from '../core/file-change.ts';
import {say, verbatim} from '../core/say.ts';
import {step} from '../core/step.ts';
import {type Before, describeSecret, prepare, putBack, write} from './parts/edit-file.ts';

type Input = {
	file: string;
	name: string;
	value: NewValue;
	part: ValuePart;
	/** Percent-encoded, for a variable that stands inside a URL. */
	encoded?: boolean;
	when?: 'always' | 'reserved';
};

const changeOf = ({name, value, part, encoded, when}: Input): FileChange => ({
	kind: 'variable',
	name,
	value,
	part,
	encoded,
	when,
});

const shown = ({value}: Input): string => ('text' in value ? value.text : '•••');

export const editEnvFile = step<Input, Before>({
	id: 'edit-env-file',
	risk: 'restarts',
	says({file, name, value, when, encoded}) {
		const what = 'text' in value ? verbatim(`\`${value.text}\``) : describeSecret(value.secret);
		const how = encoded ? say(', percent-encoded for a URL', '（按 URL 做百分号编码）') : verbatim('');
		const condition =
			when === 'reserved'
				? say(' (only if the password holds characters that a URL reserves)', '（仅当密码含有 URL 保留字符时）')
				: verbatim('');
		return say(
			`Set \`${name}\` in \`${file}\` to ${what.en}${how.en}${condition.en}`,
			`把 \`${file}\` 中的 \`${name}\` 设为${what.zh}${how.zh}${condition.zh}`,
		);
	},
	like(input) {
		const {file, name, part} = input;
		const inside = part === 'whole' ? shown(input) : part === 'password' ? '…://…:•••@…' : `…@${shown(input)}/…`;
		return `--- ${file}\n+++ ${file}\n-${name}=${'text' in input.value ? '…' : '•••'}\n+${name}=${inside}`;
	},
	before: (input, world) => prepare(world, input.file, changeOf(input)),
	apply: ({file}, before, world) => write(world, file, before),
	undo: ({file}, before, world) => putBack(world, file, before),
});
