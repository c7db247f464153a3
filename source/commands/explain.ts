import {say, type Text, tell} from '../core/say.ts';
import {type ExitCode, exitCode} from '../core/trouble.ts';
import {fixes, fixNamed} from '../fixes/index.ts';
import {type Context, printJson} from './context.ts';
import {explainDiagnosis} from './explain-diagnosis.ts';
import {explainFix} from './explain-fix.ts';
import {listLeaves} from './list.ts';
import {pageFor} from './page.ts';
import {diagnosisIds, fixIds, leaves, unknownId} from './registry.ts';

/** Offline: everything here comes from the tree itself. */
export async function run(context: Context): Promise<ExitCode> {
	const [id] = context.words;
	if (id === undefined) return index(context);
	const leaf = leaves().find(({diagnosis}) => diagnosis.id === id);
	const fix = fixNamed(id);
	if (leaf) explainDiagnosis(context, leaf);
	else if (fix) explainFix(context, fix);
	else
		throw unknownId(
			id,
			say('diagnosis or fix', '诊断或修复'),
			[...diagnosisIds(), ...fixIds()],
			'compose-medic explain',
		);
	return exitCode.well;
}

function index(context: Context): ExitCode {
	const {out, options} = context;
	if (options.json) {
		printJson(context, {schema: 'compose-medic/explain@1', diagnoses: diagnosisIds(), fixes: fixIds()});
		return exitCode.well;
	}
	const heading = (text: Text): void => out.data(`${out.paint.strong(tell(text, context.language))}\n\n`);
	heading(say('Diagnoses', '诊断'));
	listLeaves(context, leaves());
	out.data('\n');
	heading(say('Fixes', '修复'));
	const page = pageFor(context);
	const longest = Math.max(...fixIds().map(name => name.length));
	for (const {id, title} of fixes) page.body(title, `  ${id.padEnd(longest)}  `);
	return exitCode.well;
}
