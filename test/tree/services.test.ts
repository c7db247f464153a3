import {expect, test} from 'vitest';
import {walk} from '../../source/core/walk.ts';
import {sampleFacts} from '../../source/diagnoses/samples.ts';
import {labelOf} from '../../source/tree/answers.ts';
import {chapters} from '../../source/tree/index.ts';

const found = (...lines: string[]): string[] =>
	walk(
		chapters,
		sampleFacts({
			services: {worker: {status: 'restarting', restartCount: 2, exitCode: 1}},
			logs: {worker: lines.map(text => ({severity: 'error', text}))},
		}),
		labelOf,
	).findings.map(({id}) => id);

test('a service that fell with its database is not blamed once the database is back', () => {
	expect(found('error: the database system is starting up')).toEqual([]);
	expect(found('error: terminating connection due to administrator command')).toEqual([]);
});

test('its last words count, not its older ones', () => {
	expect(found('error: the database system is starting up', 'ValueError: SECRET_KEY is too short')).toEqual([
		'app-service-failing',
	]);
	expect(found('ValueError: SECRET_KEY is too short', 'error: the database system is starting up')).toEqual([]);
});
