/**
 * Starts lab faults on the real engine one after the other, diagnoses each as a user would and prints how often the first
 * answer was right, and how often all of them were.
 *
 *     npm run lab:score                         every fault
 *     npm run lab:score -- redis-auth trap-     those whose name begins so
 *     npm run lab:score -- --kind double        one kind: fault, double, trap, healthy
 *     npm run lab:score -- --at-once 2          side by side, on a machine that carries it
 *     npm run lab:score -- --json               one object for each line, for other programs
 */
import {parseArgs} from 'node:util';
import type {Fault} from '../../source/lab/fault.ts';
import {faults} from '../../source/lab/faults/index.ts';
import {labDown, labUp} from '../../source/lab/lab.ts';
import {cli} from '../helpers/cli.ts';

type Score = {
	fault: string;
	kind: Fault['kind'];
	expected: string[];
	got: string[];
	unexplained: string[];
	/** The first answer is one of the root causes; nothing is answered where nothing is wrong. */
	firstRight: boolean;
	allRight: boolean;
	/** A symptom without a cause where there is one, or an exit code other than 0 where all is well. */
	exitCode: number | null;
	/** Milliseconds of the whole program, from its start to its end. */
	ms: number;
	failed: string | null;
};

const sorted = (list: readonly string[]): string => [...list].sort().join(' ');

const judged = (fault: Fault, score: Omit<Score, 'firstRight' | 'allRight'>): Score => {
	const {expected, got, exitCode} = score;
	const well = expected.length > 0 || fault.kind === 'fault' || exitCode === 0;
	const first = got[0];
	const firstRight = expected.length === 0 ? got.length === 0 : first !== undefined && expected.includes(first);
	return {...score, firstRight: firstRight && well, allRight: sorted(expected) === sorted(got) && well};
};

async function scoreOf(fault: Fault): Promise<Score> {
	const base = {
		fault: fault.id,
		kind: fault.kind,
		expected: fault.expects.map(({id}) => id),
		got: [],
		unexplained: [],
		exitCode: null,
		ms: 0,
	};
	const project = `compose-medic-lab-${fault.id}-score`;
	let up = false;
	try {
		await labUp(fault, {project});
		up = true;
		const started = performance.now();
		const run = await cli(['diagnose', '--project', project, '--json']);
		const ms = Math.round(performance.now() - started);
		const report = JSON.parse(run.stdout) as {diagnoses: {id: string}[]; unexplained: string[]};
		const got = report.diagnoses.map(({id}) => id);
		return judged(fault, {...base, got, unexplained: report.unexplained, exitCode: run.code, ms, failed: null});
	} catch (error) {
		const failed = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
		return {...base, firstRight: false, allRight: false, failed};
	} finally {
		if (up) await labDown(project).catch(error => process.stderr.write(`! ${String(error)}\n`));
	}
}

const {values, positionals} = parseArgs({
	allowPositionals: true,
	options: {
		kind: {type: 'string'},
		'at-once': {type: 'string', default: '1'},
		json: {type: 'boolean', default: false},
	},
});

const chosen = faults.filter(
	({id, kind}) =>
		(values.kind === undefined || kind === values.kind) &&
		(positionals.length === 0 || positionals.some(name => id === name || (name.endsWith('-') && id.startsWith(name)))),
);
if (chosen.length === 0) {
	process.stderr.write('no fault of the lab has that name or kind; `compose-medic lab list` lists them\n');
	process.exit(2);
}

const mark = (right: boolean): string => (right ? 'yes' : 'NO');
const longest = Math.max(...chosen.map(({id}) => id.length));
const row = (cells: readonly string[]): string => {
	const [fault = '', first = '', all = '', ms = '', ...rest] = cells;
	return `${fault.padEnd(longest)}  ${first.padEnd(5)}  ${all.padEnd(3)}  ${ms.padStart(6)}  ${rest.join('  ')}\n`;
};

function print(score: Score): void {
	if (values.json) return void process.stdout.write(`${JSON.stringify(score)}\n`);
	const {fault, firstRight, allRight, ms, expected, got, unexplained, failed, exitCode} = score;
	const words = failed
		? `could not be provoked: ${failed}`
		: `${expected.join(', ') || '(nothing)'} → ${got.join(', ') || '(nothing)'}${unexplained.length > 0 ? `; unexplained: ${unexplained.join(', ')}` : ''}${allRight ? '' : ` (exit code ${exitCode})`}`;
	process.stdout.write(row([fault, mark(firstRight), mark(allRight), String(ms), words]));
}

const scores: Score[] = [];
if (!values.json) process.stdout.write(row(['fault', 'first', 'all', 'ms', 'expected → got']));
const queue = [...chosen];
const worker = async (): Promise<void> => {
	for (let fault = queue.shift(); fault; fault = queue.shift()) {
		const score = await scoreOf(fault);
		scores.push(score);
		print(score);
	}
};
await Promise.all(Array.from({length: Math.max(1, Number(values['at-once']))}, worker));

if (!values.json) {
	const groups = [
		['faults', ['fault']],
		['doubles', ['double']],
		['look-alikes', ['trap', 'healthy']],
		['all', ['fault', 'double', 'trap', 'healthy']],
	] as const;
	process.stdout.write('\n');
	for (const [name, kinds] of groups) {
		const own = scores.filter(({kind}) => (kinds as readonly string[]).includes(kind));
		if (own.length === 0) continue;
		const count = (which: 'firstRight' | 'allRight'): string => {
			const right = own.filter(score => score[which]).length;
			return `${right} of ${own.length} (${((100 * right) / own.length).toFixed(1)} %)`;
		};
		const times = own.map(({ms}) => ms).sort((a, b) => a - b);
		process.stdout.write(
			`${name.padEnd(12)} first right: ${count('firstRight')}, all right: ${count('allRight')}, median ${times[Math.floor(times.length / 2)]} ms\n`,
		);
	}
}
process.exitCode = scores.every(({allRight}) => allRight) ? 0 : 1;
