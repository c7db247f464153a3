import {say, verbatim} from '../core/say.ts';
import {step} from '../core/step.ts';
import {Trouble} from '../core/trouble.ts';

type Input = {image: string};

export const pullImage = step<Input, Record<string, never>>({
	id: 'pull-image',
	risk: 'none',
	says: ({image}) =>
		say(
			`Fetch the image \`${image}\`; without it nothing is changed`,
			`获取镜像 \`${image}\`；若取不到，则不做任何改动`,
		),
	like: ({image}) => `docker pull ${image}`,
	before: async () => ({}),
	async apply({image}, _before, world, report) {
		try {
			await world.write.docker.pull(image, line => report(verbatim(world.redact(line))), world.signal);
		} catch (error) {
			world.signal.throwIfAborted();
			throw new Trouble('pull-failed', say(`\`${image}\` can’t be fetched.`, `无法获取 \`${image}\`。`), {
				why: verbatim(world.redact(error instanceof Error ? error.message : String(error)).slice(0, 300)),
				next: say(
					'Bring it over with `docker save` and `docker load`, and run the fix again.',
					'请用 `docker save` 和 `docker load` 把它带过来，然后重新执行修复。',
				),
				cause: error,
			});
		}
	},
	undo: say('The image stays; it harms nobody.', '镜像会留下，不影响任何东西。'),
});
