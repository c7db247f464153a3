import {expect, test} from 'vitest';
import {fittingMemory} from '../../source/core/postgres-memory.ts';
import {type Changes, seen} from '../../source/diagnoses/samples.ts';
import {lowerMemoryUse} from '../../source/fixes/lower-memory-use.ts';
import {type MemorySetting, memorySettings} from '../../source/probes/memory-settings.ts';
import {
	changedLines,
	composeFile,
	envFile,
	findingOf,
	planned,
	project,
	refusedFor,
	stepsOf,
} from '../helpers/planning.ts';

const mib = 1024 ** 2;
const server = findingOf({service: 'db', limit: 160 * mib});
const web = findingOf({service: 'web', limit: 160 * mib});
const settings = (source: string, sharedBuffers = 128): MemorySetting[] => [
	{name: 'shared_buffers', value: sharedBuffers * mib, source, altered: false},
	{name: 'work_mem', value: mib, source: 'default', altered: false},
	{name: 'maintenance_work_mem', value: 8 * mib, source: 'default', altered: false},
	{name: 'max_connections', value: 100, source: 'default', altered: false},
];
const database = (text: string, source: string, env: Parameters<typeof project>[1] = {}): Changes => {
	const {files, also} = project(text, env);
	return {
		files,
		services: {db: {memoryLimit: 160 * mib}},
		also: [...also, seen(memorySettings, 'db', settings(source))],
	};
};

test('what fits is a share of what there is, and nothing is raised', () => {
	const now = {sharedBuffers: 128 * mib, workMem: 4 * mib, maintenanceWorkMem: 64 * mib, maxConnections: 100};
	expect(fittingMemory(now, 160 * mib)).toEqual({
		sharedBuffers: 40 * mib,
		workMem: 2 * mib,
		maintenanceWorkMem: 16 * mib,
	});
	const {maxConnections: _, ...same} = now;
	expect(fittingMemory(now, 4096 * mib)).toEqual(same);
});

test('`ALTER SYSTEM` where no file of the project says it, then a restart', () => {
	const steps = stepsOf(planned(lowerMemoryUse, database('  db: {image: x}\n', 'default'), server));
	expect(steps.map(({step}) => step)).toEqual(['save-evidence', 'alter-system', 'restart-service', 'return-services']);
	expect(steps[1]?.input).toMatchObject({name: 'shared_buffers', value: '40MB', route: 'socket'});
});

test('on the command line where it stands there, or in the variable that it is made of', () => {
	const command = `  db:\n    command: >\n      postgres -c 'max_connections=100'\n      -c 'shared_buffers=128MB'\n`;
	expect(changedLines(planned(lowerMemoryUse, database(command, 'command line'), server))).toEqual([
		"-      -c 'shared_buffers=128MB'",
		"+      -c 'shared_buffers=40MB'",
	]);
	const env = {BUFFERS: {value: '128MB', uses: [['db', 'command']] as [string, string][]}};
	const variable = command.replace('=128MB', '=${BUFFERS:-128MB}');
	const answer = planned(lowerMemoryUse, database(variable, 'command line', env), server);
	expect(stepsOf(answer)[1]?.input).toMatchObject({file: envFile, name: 'BUFFERS', value: {text: '40MB'}});
	const list = '  db:\n    command: [postgres, -c, shared_buffers=128MB]\n';
	expect(changedLines(planned(lowerMemoryUse, database(list, 'command line'), server))).toEqual([
		'-    command: [postgres, -c, shared_buffers=128MB]',
		'+    command: [postgres, -c, shared_buffers=40MB]',
	]);
	refusedFor(planned(lowerMemoryUse, database('  db: {image: x}\n', 'command line'), server), /command line/);
});

test('a server that takes little already is left alone', () => {
	const {files, also} = project('  db: {image: x}\n');
	const small: Changes = {
		files,
		services: {db: {memoryLimit: 160 * mib}},
		also: [...also, seen(memorySettings, 'db', settings('default', 32))],
	};
	refusedFor(planned(lowerMemoryUse, small, server), /takes little/);
});

test('Dify’s web runs one process, and a heap above the limit comes below it', () => {
	const variables = (name: string, text: string): Changes => {
		const {files, also} = project(`  web:\n    environment:\n      ${name}: ${text}\n`);
		const origin = {service: 'web', variable: name, names: [], whole: false, literal: true, file: composeFile, line: 4};
		return {
			files: {...files, origins: [origin]},
			services: {web: {memoryLimit: 256 * mib, variables: [name]}},
			also,
		};
	};
	const one = planned(lowerMemoryUse, variables('PM2_INSTANCES', '2'), web);
	expect(stepsOf(one)[1]?.input).toMatchObject({variable: 'PM2_INSTANCES', value: {text: '1'}});
	const heap = planned(lowerMemoryUse, variables('NODE_OPTIONS', '--inspect --max-old-space-size=4096'), web);
	expect(stepsOf(heap)[1]?.input).toMatchObject({value: {text: '--inspect --max-old-space-size=192'}});
	for (const [name, text] of [
		['PM2_INSTANCES', '1'],
		['NODE_OPTIONS', '--inspect'],
		['OTHER', 'x'],
	] as const)
		refusedFor(planned(lowerMemoryUse, variables(name, text), web), /Nothing is known/);
});
