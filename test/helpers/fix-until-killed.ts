import {apply} from '../../source/engine/apply.ts';
import {diagnose} from '../../source/engine/diagnose.ts';
import {plan} from '../../source/engine/plan.ts';
import {fixNamed} from '../../source/fixes/index.ts';
import {openWorld} from '../../source/world/open.ts';
import {plainOf, secretsOf} from './settings.ts';

// Applies a fix to a lab deployment in a process of its own, and kills itself the hard way as soon as so many journal entries
// are on disk. Prints how many there were when it came to its end.
const [project = '', fixId = '', count = '0', given = '{}'] = process.argv.slice(2);
const {signal} = new AbortController();
const opened = await openWorld({project});
const pass = diagnose(opened.world, {signal});
let step = await pass.next();
while (!step.done) step = await pass.next();
const {report, facts} = step.value;
const settings: Record<string, string> = JSON.parse(given);
const finding = report.diagnoses.find(({id, fixes}) => id === fixId || fixes.some(({id}) => id === fixId));
const fix = fixNamed(fixId) ?? fixNamed(finding?.fixes[0]?.id ?? '');
if (!finding || !fix) throw new Error(`nothing here offers ${fixId}: ${report.diagnoses.map(({id}) => id).join(', ')}`);
const {answer} = await plan({world: opened.world, facts, finding, fix, settings: plainOf(fix, settings), signal});
if (answer.kind !== 'plan') throw new Error(`no plan: ${JSON.stringify(answer)}`);
let entries = 0;
let checks = 0;
let outcome = '';
const confirmed = answer.confirm?.name ?? null;
for await (const event of apply({
	opened,
	plan: answer,
	finding,
	fix,
	settings: secretsOf(fix, settings),
	confirmed,
	signal,
	before: report,
	onEntry({kind}) {
		// Between two looks of the proof nothing changes: one of them stands for all.
		if (kind === 'checked' && checks++ > 0) return;
		if (++entries === Number(count)) process.kill(process.pid, 'SIGKILL');
	},
}))
	if (event.type === 'finished') outcome = event.outcome;
process.stdout.write(JSON.stringify({entries, outcome}));
process.exit(0);
