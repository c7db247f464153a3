import {amount} from '../core/amount.ts';
import {say, type Text, tell} from '../core/say.ts';
import {type ExitCode, exitCode} from '../core/trouble.ts';
import {type Forgettable, findKept, forget} from '../engine/forget.ts';
import {deploymentFolder} from '../engine/state.ts';
import {consent} from './consent.ts';
import {type Context, printJson} from './context.ts';
import {keptLine} from './kept-lines.ts';
import {withWorld} from './open.ts';
import {nothingChanged} from './words.ts';

const thingsOf = ({volume, files}: Forgettable) => [volume, files].flatMap(one => (one ? [one] : []));

/** What typing the name means. */
const question = ({confirm, volume}: Forgettable): Text =>
	volume
		? say(
				`This removes the copy for good. Type the name of the volume to go on: ${confirm}`,
				`副本将被永久删除。输入卷名以继续：${confirm}`,
			)
		: say(
				`This removes what undoing it needs, for good. Type its name to go on: ${confirm}`,
				`撤销所需的内容将被永久删除。输入名称以继续：${confirm}`,
			);

export async function run(context: Context): Promise<ExitCode> {
	const {options, words, signal, out, language} = context;
	const word = words[0] ?? '';
	context.interrupted = nothingChanged;
	return withWorld(context, async opened => {
		const {world} = opened;
		const found = await findKept(world, await deploymentFolder(world), word, signal);
		const lines = thingsOf(found).map(one => `  ${tell(keptLine(one, world.now()), language)}\n`);
		const shown = `${found.record?.id ?? found.volume?.journal ?? word}\n${lines.join('')}`;
		if (options.json) out.note(shown.trimEnd());
		else out.data(shown);
		const confirmed = await consent(context, {name: found.confirm, says: question(found)}, question(found));
		const gone = await forget({opened, word, confirmed, signal});
		const things = thingsOf(gone);
		const bytes = things.reduce((sum, one) => sum + (one.bytes ?? 0), 0);
		if (options.json)
			printJson(context, {
				schema: 'compose-medic/forgotten@1',
				journal: gone.record?.id ?? gone.volume?.journal ?? null,
				volume: gone.volume?.name ?? null,
				files: gone.files !== null,
				bytes: things.some(one => one.bytes === null) ? null : bytes,
			});
		else
			out.data(
				`${out.paint.good('✔')} ${tell(say(`Forgotten. ${amount(bytes)} are free again.`, `已清除，释放了 ${amount(bytes)}。`), language)}\n`,
			);
		return exitCode.well;
	});
}
