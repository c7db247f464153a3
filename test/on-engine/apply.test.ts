import {mkdir, readFile, rename, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import type {ApplyEvent} from '../../source/core/event.ts';
import {apply} from '../../source/engine/apply.ts';
import {diagnose} from '../../source/engine/diagnose.ts';
import {plan} from '../../source/engine/plan.ts';
import {undo} from '../../source/engine/undo.ts';
import {syncClientPassword as fix} from '../../source/fixes/sync-client-password.ts';
import {sentinelChecksum} from '../../source/lab/sentinel.ts';
import {openWorld} from '../../source/world/open.ts';
import {leaks, type Patient, withPatient} from '../helpers/lab.ts';

const never = new AbortController().signal;

async function pass(patient: Patient) {
	const opened = await openWorld({project: patient.project});
	const run = diagnose(opened.world, {signal: never});
	for (;;) {
		const {done, value} = await run.next();
		if (done) return {opened, ...value};
	}
}

const ids = async (patient: Patient): Promise<string[]> => (await pass(patient)).report.diagnoses.map(({id}) => id);

/** Plans and applies the fix; `react` sees every event and may abort. */
async function heal(patient: Patient, react: (event: ApplyEvent, abort: () => void) => void = () => {}) {
	const {opened, report, facts} = await pass(patient);
	const finding = report.diagnoses.find(({id}) => id === 'client-password-drift');
	if (!finding) throw new Error('nothing found');
	const {answer} = await plan({world: opened.world, facts, finding, fix, settings: {}, signal: never});
	if (answer.kind !== 'plan') throw new Error(answer.why.en);
	const controller = new AbortController();
	const events: ApplyEvent[] = [];
	const run = apply({
		opened,
		plan: answer,
		finding,
		fix,
		settings: new Map(),
		confirmed: null,
		signal: controller.signal,
		before: report,
		stateRoot: patient.state,
		patience: 45_000,
	});
	for await (const event of run) {
		events.push(event);
		react(event, () => controller.abort());
	}
	const last = events.at(-1);
	expect(leaks(JSON.stringify(events), patient.secrets)).toEqual([]);
	return {answer, events, last: last?.type === 'finished' ? last : null};
}

async function takeBack(patient: Patient): Promise<ApplyEvent | undefined> {
	let last: ApplyEvent | undefined;
	for await (const event of undo({
		opened: await openWorld({project: patient.project}),
		signal: never,
		stateRoot: patient.state,
	}))
		last = event;
	return last;
}

describe.concurrent('a fix on the real engine', () => {
	test('is taken back when it is interrupted, wherever it is', async () => {
		await withPatient('client-password-drift', 'interrupt', async patient => {
			const path = join(patient.directory, '.env');
			const before = await readFile(path);
			const rows = await sentinelChecksum(patient);
			for (const [step, wait] of [
				['recreate-service', 300],
				['return-services', 600],
			] as const) {
				const {answer} = await pass(patient).then(async ({opened, report, facts}) => {
					const finding = report.diagnoses.find(({id}) => id === 'client-password-drift');
					if (!finding) throw new Error('nothing found');
					return plan({world: opened.world, facts, finding, fix, settings: {}, signal: never});
				});
				const index = answer.kind === 'plan' ? answer.steps.findIndex(call => call.step === step) : -1;
				const {last} = await heal(patient, (event, abort) => {
					if (event.type === 'step-started' && event.index === index) setTimeout(abort, wait);
				});
				expect(last).toMatchObject({outcome: 'interrupted', exitCode: 130});
				expect((await readFile(path)).equals(before)).toBe(true);
				expect(await ids(patient)).toEqual(['client-password-drift']);
			}
			expect(await sentinelChecksum(patient)).toBe(rows);
		});
	});

	test('goes through the engine where the files are not at hand, and back', async () => {
		await withPatient('client-password-drift', 'fileless', async patient => {
			const away = join(patient.state, 'away');
			await mkdir(away);
			for (const name of ['docker-compose.yaml', '.env']) await rename(join(patient.directory, name), join(away, name));
			const {answer, last} = await heal(patient);
			expect(answer.route?.en).toContain('can’t be read here');
			expect(last).toMatchObject({outcome: 'proven', exitCode: 0});
			expect(await ids(patient)).toEqual([]);
			expect(await takeBack(patient)).toMatchObject({type: 'finished', outcome: 'undone'});
			expect(await ids(patient)).toEqual(['client-password-drift']);
		});
	});

	test('does not blank what came from somebody’s shell, nor act on a world that has moved', async () => {
		await withPatient('client-password-drift', 'blank', async patient => {
			const path = join(patient.directory, '.env');
			const text = await readFile(path, 'utf8');
			const without = text.replace(/^SECRET_KEY=.*\n/m, '');
			await writeFile(path, without);
			const {events, last} = await heal(patient);
			expect(last).toMatchObject({outcome: 'rolled-back', exitCode: 6});
			expect(JSON.stringify(events)).toContain('`SECRET_KEY`');
			expect(await readFile(path, 'utf8')).toBe(without);
			await writeFile(path, text);

			const {opened, report, facts} = await pass(patient);
			const finding = report.diagnoses.find(({id}) => id === 'client-password-drift');
			if (!finding) throw new Error('nothing found');
			const {answer} = await plan({world: opened.world, facts, finding, fix, settings: {}, signal: never});
			if (answer.kind !== 'plan') throw new Error(answer.why.en);
			await writeFile(path, `${text}# edited\n`);
			const moved = apply({
				opened,
				plan: answer,
				finding,
				fix,
				settings: new Map(),
				confirmed: null,
				signal: never,
				before: report,
				stateRoot: patient.state,
			});
			await expect(
				(async () => {
					for await (const _ of moved);
				})(),
			).rejects.toMatchObject({code: 'world-moved', exitCode: 5});
			expect(await readFile(path, 'utf8')).toBe(`${text}# edited\n`);
		});
	});
});
