import {say} from '../core/say.ts';
import {step} from '../core/step.ts';
import {type Before, prepare, putBack, write} from './parts/edit-file.ts';

type Input = {
	file: string;
	/** Name of the volume inside the Compose file. */
	key: string;
	/** The lines that change, as `diff -u` shows them. */
	shown: string;
};

export const declareVolume = step<Input, Before>({
	id: 'declare-volume',
	risk: 'restarts',
	says: ({file, key}) => say(`Declare the volume \`${key}\` in \`${file}\``, `在 \`${file}\` 中声明卷 \`${key}\``),
	like: ({shown}) => shown,
	before: ({file, key, shown}, world) => prepare(world, file, {kind: 'volume', key, shown}),
	apply: ({file}, before, world) => write(world, file, before),
	undo: ({file}, before, world) => putBack(world, file, before),
});
