import {say} from '../core/say.ts';
import {step} from '../core/step.ts';
import {type Before, prepare, putBack, write} from './parts/edit-file.ts';

type Input = {
	/** The `postgresql.conf` on this machine that is mounted into the container. */
	file: string;
	name: string;
	value: string;
	/** What counts today, and the line it stands in, as the server tells. */
	was: string;
	line: number | null;
};

/** A file that a person keeps beside the Compose file: one value of it is changed, remarks and order stay. */
export const editSettingsFile = step<Input, Before>({
	id: 'edit-settings-file',
	risk: 'restarts',
	says: ({file, name, value}) =>
		say(`Set \`${name}\` in \`${file}\` to \`${value}\``, `把 \`${file}\` 中的 \`${name}\` 设为 \`${value}\``),
	like: ({file, name, value, was, line}) =>
		`--- ${file}\n+++ ${file}\n@@ -${line ?? 1} +${line ?? 1} @@\n-${name} = ${was}\n+${name} = ${value}`,
	before: ({file, name, value}, world) => prepare(world, file, {kind: 'setting', name, value: {text: value}}),
	apply: ({file}, before, world) => write(world, file, before),
	undo: ({file}, before, world) => putBack(world, file, before),
});
