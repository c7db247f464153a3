import {expect, test} from 'vitest';
import {type Changes, sampleFacts, seen} from '../../source/diagnoses/samples.ts';
import {raiseMemoryLimit} from '../../source/fixes/raise-memory-limit.ts';
import {memoryUse} from '../../source/probes/memory-use.ts';
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
const found = findingOf({service: 'db', limit: 160 * mib});
const memory = (available: number, peak: number | null = 160 * mib) =>
	seen(memoryUse, 'db', {
		machine: {total: 4096 * mib, available: available * mib},
		machineKills: 1,
		containerKills: 1,
		containerUse: 100 * mib,
		containerPeak: peak,
	});

function limited({files, also}: ReturnType<typeof project>, available = 3000, more: Changes = {}): Changes {
	return {
		files,
		services: {db: {memoryLimit: 160 * mib, memorySwap: 320 * mib}},
		also: [...also, memory(available)],
		...more,
	};
}

const short = project('  db:\n    image: x\n    mem_limit: 160m\n');

test('the limit is doubled where it stands, and the container made anew', () => {
	const answer = planned(raiseMemoryLimit, limited(short), found);
	expect(stepsOf(answer).map(({step}) => step)).toEqual([
		'save-evidence',
		'edit-compose-service',
		'recreate-service',
		'return-services',
	]);
	expect(changedLines(answer)).toEqual(['-    mem_limit: 160m', '+    mem_limit: 320m']);
	expect(answer).toMatchObject({
		assumes: {'container:db': 'db-id', [`file:${composeFile}`]: 'aa', 'system-identifier:db': expect.any(String)},
	});
});

test('the long way of writing it, and a swap limit that has to stay above', () => {
	const long = project(
		'  db:\n    memswap_limit: 200m\n    deploy:\n      resources:\n        limits: {memory: 160m}\n',
	);
	expect(changedLines(planned(raiseMemoryLimit, limited(long), found, {limit: '1g'}))).toEqual([
		'-    memswap_limit: 200m',
		'+    memswap_limit: 1064m',
		'-        limits: {memory: 160m}',
		'+        limits: {memory: 1g}',
	]);
});

test('a variable is set in `.env`, unless another service is limited by it', () => {
	const text = '  db:\n    mem_limit: ${DB_MEMORY:-160m}\n';
	const own = project(text, {
		DB_MEMORY: {
			value: '160m',
			uses: [
				['db', 'mem_limit'],
				['api', 'DB_MEMORY'],
			],
		},
	});
	expect(stepsOf(planned(raiseMemoryLimit, limited(own), found))[1]?.input).toEqual({
		file: envFile,
		name: 'DB_MEMORY',
		part: 'whole',
		value: {text: '320m'},
	});
	const shared = project(text, {
		DB_MEMORY: {
			value: '160m',
			uses: [
				['db', 'mem_limit'],
				['web', 'mem_limit'],
			],
		},
	});
	expect(changedLines(planned(raiseMemoryLimit, limited(shared), found))).toEqual([
		'-    mem_limit: ${DB_MEMORY:-160m}',
		'+    mem_limit: 320m',
	]);
});

test('never more than the machine can give, and never less than now', () => {
	refusedFor(planned(raiseMemoryLimit, limited(short, 200), found), /at most .* Without a limit of their own: api/);
	refusedFor(planned(raiseMemoryLimit, limited(short), found, {limit: '8g'}), /can give db at most/);
	refusedFor(planned(raiseMemoryLimit, limited(short), found, {limit: '100m'}), /would not raise it/);
	expect(planned(raiseMemoryLimit, limited(short), found, {limit: 'lots'}).kind).toBe('asks');
	const small = planned(raiseMemoryLimit, limited(short, 400), found);
	expect(changedLines(small)).toEqual(['-    mem_limit: 160m', '+    mem_limit: 256m']);
	refusedFor(planned(raiseMemoryLimit, {services: {db: {memoryLimit: 0}}}, found), /no memory limit of its own/);
});

test('without the files the engine is told, swap stays above memory, and it says that this does not last', () => {
	const changes = limited(short);
	const fact = sampleFacts(changes).get('deployment-state');
	const deployment = {...(fact?.state === 'known' ? (fact.value as object) : {}), filesReadable: false};
	const answer = planned(raiseMemoryLimit, {...changes, facts: {'deployment-state': deployment}}, found);
	const steps = stepsOf(answer);
	expect(steps.map(({step}) => step)).toEqual(['save-evidence', 'limit-memory', 'restart-service', 'return-services']);
	expect(steps[1]?.like).toBe(`docker update --memory ${320 * mib} --memory-swap ${480 * mib} shop-db-1`);
	expect(answer).toMatchObject({route: {en: expect.stringContaining('brings the old limit back')}});
});
