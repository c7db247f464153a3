import type {Raw} from '../core/compose-service.ts';
import type {ServiceEdit} from '../core/compose-service-edit.ts';
import {list, say, type Text} from '../core/say.ts';
import {step} from '../core/step.ts';
import {type Before, prepare, putBack, write} from './parts/edit-file.ts';

type Input = {
	file: string;
	service: string;
	edits: ServiceEdit[];
	/** The lines that change, as `diff -u` shows them, with nothing in them that may be secret. */
	shown: string;
};

const word = (value: Raw): string => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;

/** An item of a list is told by the list that it stands in. */
const keyOf = ({path}: ServiceEdit): string => `\`${path.filter(part => typeof part === 'string').join('.')}\``;

function told(edit: ServiceEdit): Text {
	const key = keyOf(edit);
	const {was, to} = edit;
	if (to === null) return say(`take ${word(was)} out of ${key}`, `从 ${key} 中去掉 ${word(was)}`);
	return was === null
		? say(`set ${key} to ${word(to)}`, `把 ${key} 设为 ${word(to)}`)
		: say(`change ${key} from ${word(was)} to ${word(to)}`, `把 ${key} 从 ${word(was)} 改为 ${word(to)}`);
}

export const editComposeService = step<Input, Before>({
	id: 'edit-compose-service',
	risk: 'restarts',
	says({file, service, edits}) {
		const what = edits.map(told);
		return say(
			`In \`${file}\`, for ${service}: ${list(what.map(({en}) => en)).en}`,
			`在 \`${file}\` 中，对 ${service}：${list(what.map(({zh}) => zh)).zh}`,
		);
	},
	like: ({shown}) => shown,
	before: ({file, service, edits, shown}, world) => prepare(world, file, {kind: 'service', service, edits, shown}),
	apply: ({file}, before, world) => write(world, file, before),
	undo: ({file}, before, world) => putBack(world, file, before),
});
