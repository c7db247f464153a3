import {expect, test} from 'vitest';
import type {Finding} from '../../source/core/diagnosis.ts';
import type {PlanAnswer} from '../../source/core/fix.ts';
import {seeing} from '../../source/core/walk.ts';
import {type Changes, sampleFacts, seen} from '../../source/diagnoses/samples.ts';
import {proposed, raiseMaxConnections} from '../../source/fixes/raise-max-connections.ts';
import type {ComposeFiles} from '../../source/probes/compose-files.ts';
import {composeTexts} from '../../source/probes/compose-texts.ts';
import {type ConnectionLimit, limitInCommand} from '../../source/probes/connection-limit.ts';

const finding = {id: 'too-many-connections', subject: 'db', affects: ['api']} as Partial<Finding> as Finding;
const gigabyte = 1024 ** 3;
const altered: ConnectionLimit = {value: 10, sharedBuffers: gigabyte / 8, place: {kind: 'altered'}};

function answer(limit: Partial<ConnectionLimit>, changes: Changes = {}, settings = {}): PlanAnswer {
	const facts = {
		'connection-limit db': {...altered, ...limit},
		'memory-use db': {machine: {total: 8 * gigabyte, available: gigabyte}, machineKills: 0, containerKills: 0},
	};
	return raiseMaxConnections.plan(seeing(sampleFacts({...changes, facts})), finding, settings);
}
const steps = (given: PlanAnswer): string[] =>
	given.kind === 'plan' ? given.steps.map(({step}) => step) : [JSON.stringify(given)];

test('a value of the server’s own files is altered there and counts after a restart; undo restarts as well', () => {
	const given = answer({});
	expect(steps(given)).toEqual([
		'save-evidence',
		'alter-system',
		'restart-service',
		'wait-until-ready',
		'return-services',
	]);
	expect(given).toMatchObject({
		restarts: ['db', 'api'],
		afterUndo: [{step: 'restart-service'}, {step: 'wait-until-ready'}, {step: 'return-services'}],
	});
	if (given.kind === 'plan')
		expect(given.steps[1]?.input).toMatchObject({name: 'max_connections', value: '100', route: 'socket'});
});

test.each([
	[10, 100],
	[100, 200],
	[120, 250],
	[400, 800],
])('%i sessions become %i', (now, then) => {
	expect(proposed(now)).toBe(then);
});

test('more than the memory of the container can hold is refused, and fewer are proposed where some fit', () => {
	expect(answer({value: 100}, {services: {db: {memoryLimit: gigabyte}}})).toMatchObject({kind: 'plan'});
	const tight = answer({value: 100}, {services: {db: {memoryLimit: gigabyte}}});
	expect(tight.kind === 'plan' ? tight.steps[1]?.input['value'] : tight).toBe('106');
	for (const given of [
		answer({value: 200}, {services: {db: {memoryLimit: gigabyte}}}),
		answer({}, {services: {db: {memoryLimit: gigabyte}}}, {value: '500'}),
	])
		expect(given).toMatchObject({kind: 'not-applicable'});
});

test.each(['9', '10', 'many', '99999', '-5'])('the value %s is refused', value => {
	expect(answer({}, {}, {value})).toMatchObject({kind: 'not-applicable'});
});

test('a mounted file is changed where it lies, and a full server that nobody can ask is named', () => {
	const place = {kind: 'file', path: '/etc/postgresql.conf', line: 7, mount: '/srv/shop/postgresql.conf'} as const;
	expect(answer({place})).toMatchObject({
		steps: [
			{},
			{step: 'edit-settings-file', input: {file: '/srv/shop/postgresql.conf', line: 7, was: '10', value: '100'}},
			{step: 'restart-service'},
			{},
			{},
		],
	});
	expect(steps(answer({place: {...place, mount: null}}))).toContain('alter-system');
	expect(JSON.stringify(answer({place: {kind: 'unknown'}, value: null}))).toContain('terminate-idle');
});

const file = '/srv/shop/docker-compose.yaml';
const compose = (command: string, env: Partial<ComposeFiles> = {}): PlanAnswer =>
	answer(
		{place: {kind: 'command'}},
		{
			files: env,
			also: [
				seen(composeTexts, '', {
					files: [{path: file, text: `services:\n  db:\n    command: ${command}\n`, extended: false}],
					values: {},
				}),
			],
		},
	);

test.each([
	[
		"postgres -c 'max_connections=10' -c shared_buffers=64MB",
		"postgres -c 'max_connections=100' -c shared_buffers=64MB",
	],
	['[postgres, -c, max_connections=10]', 'max_connections=100'],
	['postgres --max-connections=10', 'postgres --max-connections=100'],
	// The variable serves nothing else, but comes from nowhere that could be changed.
	['postgres -c max_connections=$' + '{LIMIT:-10}', 'postgres -c max_connections=100'],
])('the command %s is changed in its file, and the container is made anew', (command, to) => {
	const given = compose(command, {envFile: null});
	expect(given).toMatchObject({
		kind: 'plan',
		steps: [{}, {step: 'edit-compose-service', input: {edits: [{to}]}}, {step: 'recreate-service'}, {}, {}],
	});
});

test('a command that takes it from a variable of .env is left alone, and the variable is changed', () => {
	const given = compose('postgres -c max_connections=$' + '{LIMIT:-10}');
	expect(given).toMatchObject({
		steps: [
			{},
			{step: 'edit-env-file', input: {name: 'LIMIT', value: {text: '100'}}},
			{step: 'recreate-service'},
			{},
			{},
		],
	});
});

test('a command line that is in no file is told', () => {
	expect(compose('postgres')).toMatchObject({kind: 'not-applicable'});
});

test('a server that a standby follows is left alone', () => {
	const slot = {name: 's', kind: 'physical', database: null, active: true, status: 'reserved', retained: 0};
	expect(answer({}, {health: {slots: [slot]}})).toMatchObject({kind: 'not-applicable'});
});

test.each([
	[['postgres', '-c', 'max_connections=200'], 200],
	[['postgres', '-cmax_connections=30', '--max-connections=40'], 40],
	[['sh', '-c', 'exec postgres -c max_connections=50'], 50],
	[['postgres', '-N', '60'], 60],
	[['postgres', '-c', 'superuser_reserved_connections=5'], null],
])('%j says %s', (words, value) => {
	expect(limitInCommand(words)).toBe(value);
});
