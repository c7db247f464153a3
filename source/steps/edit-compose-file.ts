import type {EditScope} from '../core/compose-edit.ts';
import type {FileChange, NewValue, ValuePart} from '../core/file-change.ts';
import {say, type Text, verbatim} from '../core/say.ts';
import {step} from '../core/step.ts';
import {type Before, describeSecret, prepare, putBack, write} from './parts/edit-file.ts';

type Value = NewValue | {reference: string; onlyWhen?: string};

type Input = {
	file: string;
	service: string;
	variable: string;
	value: Value;
	part: ValuePart;
	scope: EditScope;
	when?: 'always' | 'reserved';
};

const changeOf = ({service, variable, value, part, scope, when}: Input): FileChange => ({
	kind: 'environment',
	service,
	variable,
	value,
	part,
	scope,
	when,
});

const shown = (value: Value): string =>
	'text' in value ? value.text : 'reference' in value ? `\${${value.reference}}` : '•••';

function told(value: Value): Text {
	if ('secret' in value) return describeSecret(value.secret);
	return verbatim(`\`${shown(value)}\``);
}

export const editComposeFile = step<Input, Before>({
	id: 'edit-compose-file',
	risk: 'restarts',
	says({file, service, variable, value, part, when}) {
		const what = told(value);
		const which =
			part === 'password'
				? say('the password in ', '')
				: part === 'address'
					? say('the address in ', '')
					: verbatim('');
		const inside = part === 'password' ? ' 中的密码' : part === 'address' ? ' 中的地址' : '';
		const condition =
			when === 'reserved'
				? say(' (only if the password holds characters that a URL reserves)', '（仅当密码含有 URL 保留字符时）')
				: verbatim('');
		return say(
			`Set ${which.en}\`${variable}\` of ${service} in \`${file}\` to ${what.en}${condition.en}`,
			`把 \`${file}\` 中 ${service} 的 \`${variable}\`${inside}设为${what.zh}${condition.zh}`,
		);
	},
	like({file, service, variable, value, part}) {
		const inside =
			part === 'whole' ? shown(value) : part === 'password' ? `…://…:${shown(value)}@…` : `…@${shown(value)}/…`;
		return `--- ${file}\n+++ ${file}\n services: ${service}: environment:\n-  ${variable}: …\n+  ${variable}: ${inside}`;
	},
	before: (input, world) => prepare(world, input.file, changeOf(input)),
	apply: ({file}, before, world) => write(world, file, before),
	undo: ({file}, before, world) => putBack(world, file, before),
});
