import {apply} from '../../source/engine/apply.ts';
import {resume, undo} from '../../source/engine/undo.ts';
import {fixEnvFile} from '../../source/fixes/fix-env-file.ts';
import {newPassword, paperFinding, paperPlan, paperWorld} from '../helpers/paper-world.ts';

/** Runs in a process of its own and kills it, the hard way, as soon as so many entries are on disk. */
const [what = '', folder = '', stateRoot = '', count = '0'] = process.argv.slice(2);
let entries = 0;
const onEntry = (): void => {
	if (++entries === Number(count)) process.kill(process.pid, 'SIGKILL');
};
const opened = paperWorld(folder, {new: newPassword});
const {signal} = new AbortController();
const common = {opened, signal, stateRoot, onEntry, patience: 0};
const events =
	what === 'apply'
		? apply({
				...common,
				plan: paperPlan(folder),
				finding: paperFinding,
				fix: fixEnvFile,
				settings: new Map(),
				confirmed: null,
			})
		: what === 'undo'
			? undo(common)
			: resume(common);
let last = '';
for await (const event of events) last = event.type === 'finished' ? event.outcome : last;
process.stdout.write(last);
