import {expect, test} from 'vitest';
import {type Changes, seen} from '../../source/diagnoses/samples.ts';
import {changePublishedPort} from '../../source/fixes/change-published-port.ts';
import {portRoom} from '../../source/probes/port-room.ts';
import {changedLines, envFile, findingOf, planned, project, refusedFor, stepsOf} from '../helpers/planning.ts';

const found = findingOf({service: 'nginx', port: 8080});
const taken = (text: string, env: Parameters<typeof project>[1] = {}): Changes => {
	const {files, also} = project(text, env);
	return {
		files,
		services: {nginx: {status: 'created', exitCode: 128}},
		holders: {nginx: [{port: 8080, address: '127.0.0.1', holder: {kind: 'container', name: 'other', project: null}}]},
		also: [
			...also,
			seen(portRoom, '9000', {free: true, next: 9001}),
			seen(portRoom, '9999', {free: false, next: null}),
		],
	};
};
const item = (port: string): string => `  nginx:\n    ports:\n      - ${port} # the site\n`;

test('the next free port, with the same address and protocol', () => {
	expect(changedLines(planned(changePublishedPort, taken(item('"127.0.0.1:8080:80/tcp"')), found))).toEqual([
		'-      - "127.0.0.1:8080:80/tcp" # the site',
		'+      - "127.0.0.1:8081:80/tcp" # the site',
	]);
	expect(changedLines(planned(changePublishedPort, taken(item('"[::1]:8080:80"')), found))).toEqual([
		'-      - "[::1]:8080:80" # the site',
		'+      - "[::1]:8081:80" # the site',
	]);
	expect(changedLines(planned(changePublishedPort, taken(item('{target: 80, published: 8080}')), found))).toEqual([
		'-      - {target: 80, published: 8080} # the site',
		'+      - {target: 80, published: 8081} # the site',
	]);
});

test('a variable is changed in `.env`, also when it is handed on under its own name', () => {
	const env = {
		PORT: {
			value: '8080',
			uses: [
				['nginx', 'ports'],
				['api', 'PORT'],
			] as [string, string][],
		},
	};
	const answer = planned(changePublishedPort, taken(item('127.0.0.1:${PORT:-80}:80'), env), found, {port: '9000'});
	expect(stepsOf(answer)[1]?.input).toMatchObject({file: envFile, name: 'PORT', value: {text: '9000'}});
	expect(answer).toMatchObject({route: {en: expect.stringContaining('8080 → 9000')}, restarts: ['nginx']});
});

test('it refuses a port that is taken as well, a range, and what is not taken', () => {
	refusedFor(planned(changePublishedPort, taken(item('8080:80')), found, {port: '9999'}), /taken as well/);
	refusedFor(planned(changePublishedPort, taken(item('8080-8090:80-90')), found), /part of a range/);
	refusedFor(planned(changePublishedPort, {...taken(item('8080:80')), holders: {}}, found), /No port/);
	expect(planned(changePublishedPort, taken(item('8080:80')), found, {port: 'http'}).kind).toBe('asks');
});
