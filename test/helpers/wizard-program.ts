import {runWizard} from '../../source/ui/run.tsx';
import {fakeActions} from './fake-actions.ts';

// The wizard on a deployment that does as the gallery says, as a program of its own for tests in a real terminal.

const has = (word: string): boolean => process.argv.includes(word);

const code = await runWizard(fakeActions({hangs: has('hangs'), pause: Number(process.env.PAUSE ?? 0)}), {
	language: has('zh') ? 'zh' : 'en',
	color: !has('plain'),
	auto: has('auto'),
	start: has('choose') ? 'choose' : 'walk',
});
if (has('crash')) throw new Error('crashed');
process.exitCode = code;
