import {say} from '../core/say.ts';
import {step} from '../core/step.ts';
import {dropMoved} from './parts/moved-volume.ts';

type Input = {service: string; volume: string; inside: string};

/** Stands at the end of an undo, when no container has the volume any more. */
export const dropMovedVolume = step<Input, Record<string, never>>({
	id: 'drop-moved-volume',
	risk: 'changes-data',
	says: ({volume}) =>
		say(
			`Remove the volume \`${volume}\` of this run, unless something was stored in it since`,
			`删除本次运行创建的卷 \`${volume}\`，除非此后写入过数据`,
		),
	like: ({volume}) => `docker volume rm ${volume}`,
	before: async () => ({}),
	apply: (input, _before, world, report) => dropMoved(world, input, report),
	undo: say(
		'A volume that is gone held nothing that the old place does not hold.',
		'被删除的卷中没有旧位置以外的内容。',
	),
});
