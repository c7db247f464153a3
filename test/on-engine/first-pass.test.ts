import {execFileSync, spawnSync} from 'node:child_process';
import {expect, test} from 'vitest';
import {cli} from '../helpers/cli.ts';
import {withPatient} from '../helpers/lab.ts';
import {recordingProxy} from '../helpers/recording-proxy.ts';

/** Milliseconds that a first pass over twelve services may take on two cores, from the start of the program to its end. */
const most = 1500;
const tries = 5;
/** Milliseconds that an idle machine of that kind takes to start a program that does nothing: how busy this one is, shows by it. */
const idleStart = 55;

const timed = async (run: () => Promise<unknown>): Promise<number> => {
	const started = performance.now();
	await run();
	return performance.now() - started;
};

test('a first pass over twelve services is quick, reads each log once at most, and waits for a silent one only so long', async () => {
	await withPatient('healthy-twelve', 'pass', async patient => {
		const words = ['diagnose', '--project', patient.project, '--json'];
		const proxy = await recordingProxy(`${patient.state}/engine.sock`);
		try {
			const run = await cli([...words, '--host', proxy.host], {env: patient.env});
			expect(run.code, run.stdout + run.stderr).toBe(0);
		} finally {
			await proxy.close();
		}
		const logs = proxy.calls.flatMap(({path}) => /^\/containers\/(\w+)\/logs/.exec(path)?.[1] ?? []);
		expect(logs.length, 'the log of the proxy decides what is ill, so one is read').toBeGreaterThan(0);
		expect(logs.filter((id, index) => logs.indexOf(id) !== index)).toEqual([]);

		const times: number[] = [];
		const rightly: number[] = [];
		for (let index = 0; index < tries; index++) {
			const empty = await timed(async () => spawnSync(process.execPath, ['-e', '0']));
			const ms = await timed(() => cli(words, {env: patient.env}));
			times.push(ms);
			rightly.push(ms / Math.max(1, empty / idleStart));
		}
		// The quickest tells what the program needs; the others what else the machine does.
		expect(Math.min(...rightly), times.map(Math.round).join(', ')).toBeLessThan(most);

		// Stopped from outside, redis keeps its connections and says nothing.
		const redis = `${patient.project}-redis-1`;
		execFileSync('docker', ['kill', '--signal', 'STOP', redis]);
		try {
			const seconds = 3;
			let said = '';
			const took = await timed(async () => {
				const run = await cli([...words, '--timeout', String(seconds)], {env: patient.env});
				said = run.stdout;
			});
			const unknown: {probe: string}[] = JSON.parse(said).unknown;
			expect(unknown.map(({probe}) => probe)).toEqual(['cache-state redis']);
			expect(took).toBeLessThan(seconds * 1000 + Math.max(most, ...times));
		} finally {
			execFileSync('docker', ['kill', '--signal', 'CONT', redis]);
		}
	});
});
