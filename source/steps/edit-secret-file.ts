import {say} from '../core/say.ts';
import {step} from '../core/step.ts';
import {type Before, describeSecret, prepare, putBack, write} from './parts/edit-file.ts';

type Input = {
	/** The file on this machine that is mounted as a secret. */
	file: string;
	/** Reference of the password that it shall hold. */
	secret: string;
};

/** Writes nothing but the password, with no line end: clients differ in what they take off. */
export const editSecretFile = step<Input, Before>({
	id: 'edit-secret-file',
	risk: 'restarts',
	says({file, secret}) {
		const what = describeSecret(secret);
		return say(
			`Let \`${file}\` hold exactly ${what.en}, with no line end`,
			`让 \`${file}\` 只包含${what.zh}，末尾不带换行`,
		);
	},
	like: ({file}) => `printf %s ••• > ${file}`,
	before: ({file, secret}, world) => prepare(world, file, {kind: 'content', value: {secret}}),
	apply: ({file}, before, world) => write(world, file, before),
	undo: ({file}, before, world) => putBack(world, file, before),
});
