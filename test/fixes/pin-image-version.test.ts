import {expect, test} from 'vitest';
import {tagFor} from '../../source/core/image-reference.ts';
import {type Changes, seen} from '../../source/diagnoses/samples.ts';
import {pinImageVersion} from '../../source/fixes/pin-image-version.ts';
import {localImage} from '../../source/probes/local-image.ts';
import {changedLines, envFile, findingOf, planned, project, refusedFor, stepsOf} from '../helpers/planning.ts';

const found = findingOf({database: 'db', data: '15', image: '18', identifier: '1'});
const raised = (
	text: string,
	local: {present: boolean; postgresMajor: string | null},
	env: Parameters<typeof project>[1] = {},
): Changes => {
	const {files, also} = project(`  db:\n    image: ${text}\n`, env);
	return {
		files,
		directory: {majorVersion: '15', imageMajor: '18'},
		also: [...also, ...['postgres:15-alpine', 'postgres:15', 'mine:15'].map(name => seen(localImage, name, local))],
	};
};
const here = {present: true, postgresMajor: '15'};

test.each([
	['postgres', '18', '15'],
	['postgres', null, '15'],
	['postgres', 'latest', '15'],
	['postgres', 'alpine', '15-alpine'],
	['postgres', '18.1-alpine3.22', '15-alpine'],
	['postgres', '18beta1-bookworm', '15-bookworm'],
	['docker.io/library/postgres', '16.2', '15'],
	['pgvector/pgvector', 'pg18', 'pg15'],
	['pgvector/pgvector', '0.8.0-pg18-trixie', '0.8.0-pg15-trixie'],
	['postgis/postgis', '18-3.6', '15-3.6'],
	['acme/database', '18', null],
	['postgres', 'nightly', null],
])('%s:%s', (name, tag, wanted) => {
	expect(tagFor(name, tag, '15')).toBe(wanted);
});

test('the same variant of the version that the data has', () => {
	const answer = planned(pinImageVersion, raised('"postgres:18-alpine"', here), found);
	expect(changedLines(answer)).toEqual(['-    image: "postgres:18-alpine"', '+    image: "postgres:15-alpine"']);
	expect(stepsOf(answer).map(({step}) => step)).not.toContain('pull-image');
});

test('the tag in `.env` is what a person edits', () => {
	const env = {PG: {value: '18', uses: [['db', 'image']] as [string, string][]}};
	const answer = planned(pinImageVersion, raised('postgres:${PG:-18}-alpine', here, env), found);
	expect(stepsOf(answer)[1]?.input).toMatchObject({file: envFile, name: 'PG', value: {text: '15'}});
});

test('an image that is not here is fetched first, as a step that is shown', () => {
	const steps = stepsOf(planned(pinImageVersion, raised('postgres:18', {present: false, postgresMajor: null}), found));
	expect(steps.map(({step}) => step).slice(0, 3)).toEqual(['save-evidence', 'pull-image', 'edit-compose-service']);
	expect(steps[1]?.like).toBe('docker pull postgres:15');
});

test('it refuses an image of another version, one it can’t judge, and data that fits', () => {
	const wrong = raised('postgres:18', {present: true, postgresMajor: '16'});
	refusedFor(planned(pinImageVersion, wrong, found), /holds PostgreSQL 16/);
	refusedFor(planned(pinImageVersion, raised('acme/db:18', here), found), /--set image=/);
	expect(planned(pinImageVersion, raised('acme/db:18', here), found, {image: 'mine:15'}).kind).toBe('plan');
	refusedFor(planned(pinImageVersion, {}, found), /has the version of the data/);
});
