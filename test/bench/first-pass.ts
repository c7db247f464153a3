/**
 * Measures a first pass over a healthy deployment of twelve services, as a user's `diagnose --json` takes it.
 *
 *     npm run bench                 ten passes
 *     npm run bench -- --passes 30
 *     npm run bench -- --project P  over a deployment that runs already
 */
import {loadavg} from 'node:os';
import {parseArgs} from 'node:util';
import {labDown, labUp} from '../../source/lab/lab.ts';
import {cli} from '../helpers/cli.ts';
import {faultNamed} from '../helpers/lab.ts';

const {values} = parseArgs({options: {passes: {type: 'string', default: '10'}, project: {type: 'string'}}});
const project = values.project ?? 'compose-medic-lab-healthy-twelve-bench';
const passes = Math.max(1, Number(values.passes));

async function measure(): Promise<void> {
	const times: number[] = [];
	for (let pass = 0; pass < passes; pass++) {
		const started = performance.now();
		const run = await cli(['diagnose', '--project', project, '--json']);
		const ms = performance.now() - started;
		if (run.code === null || run.code > 4) throw new Error(run.stderr);
		times.push(ms);
		process.stdout.write(`pass ${String(pass + 1).padStart(2)}  ${ms.toFixed(0).padStart(6)} ms\n`);
	}
	const sorted = [...times].sort((a, b) => a - b);
	const [load = 0] = loadavg();
	process.stdout.write(
		`\nbest ${sorted[0]?.toFixed(0)} ms, median ${sorted[Math.floor(sorted.length / 2)]?.toFixed(0)} ms, worst ${sorted.at(-1)?.toFixed(0)} ms; load of the machine ${load.toFixed(1)}\n`,
	);
}

if (values.project) await measure();
else {
	await labUp(faultNamed('healthy-twelve'), {project});
	try {
		await measure();
	} finally {
		await labDown(project);
	}
}
