import {expect, test} from 'vitest';
import {ProvenSnapshot, parseControlData, type SnapshotEvidence} from '../../source/core/snapshot.ts';

const evidence: SnapshotEvidence = {
	volume: 'data-compose-medic-1',
	systemIdentifier: '7',
	state: 'shut down',
	sourceDigest: 'a',
	copyDigest: 'a',
	entries: 3,
	bytes: 10,
	liveCounts: {app: {tables: 1, rows: 5}},
	copyCounts: {app: {tables: 1, rows: 5}},
	provenAt: '2026-01-01T00:00:00Z',
};
const present = {state: 'shut down', systemIdentifier: '7', version: 1300};

test('everything at hand proves the copy', () => {
	expect(ProvenSnapshot.of(evidence, present).evidence.volume).toBe('data-compose-medic-1');
	expect(ProvenSnapshot.of({...evidence, liveCounts: null}, present)).toBeInstanceOf(ProvenSnapshot);
});

test.each([
	['another manifest', {...evidence, copyDigest: 'b'}, present],
	['an unclean original', {...evidence, state: 'in production'}, present],
	['a copy that was started since', evidence, {...present, state: 'in production'}],
	['another cluster', evidence, {...present, systemIdentifier: '8'}],
	['no trial start', {...evidence, provenAt: null}, present],
	['no counts of the copy', {...evidence, copyCounts: null}, present],
	['fewer rows', {...evidence, copyCounts: {app: {tables: 1, rows: 4}}}, present],
	['a missing database', {...evidence, copyCounts: {}}, present],
])('%s does not', (_name, broken, now) => {
	expect(() => ProvenSnapshot.of(broken, now)).toThrow('not proven');
});

test('pg_controldata is read', () => {
	const output =
		'pg_control version number:            1300\nDatabase system identifier:           7301\nDatabase cluster state:               shut down\n';
	expect(parseControlData(output)).toEqual({state: 'shut down', systemIdentifier: '7301', version: 1300});
	expect(parseControlData('pg_controldata: error: could not open file')).toBeNull();
});
