import {expect, test} from 'vitest';
import type {Changes} from '../../source/diagnoses/samples.ts';
import {closeExposedPort} from '../../source/fixes/close-exposed-port.ts';
import {changedLines, envFile, findingOf, planned, project, refusedFor, stepsOf} from '../helpers/planning.ts';

const found = findingOf({database: 'db', service: 'api', intruded: false});
const open = (ports: string, env: Parameters<typeof project>[1] = {}): Changes => ({
	...project(`  db:\n    image: x\n    ports:\n${ports}`, env),
	services: {db: {ports: [{container: 5432, protocol: 'tcp', hostAddress: '0.0.0.0', hostPort: 5432}]}},
});

test('every way to publish is bound to this machine, and what is bound already stays', () => {
	const ports = `      - \${PORT}:5432\n      - "0.0.0.0:5433:5432"\n      - 127.0.0.1:5434:5432\n      - 5432\n      - {target: 5432, published: 5435}\n`;
	const env = {PORT: {value: '5432', uses: [['db', 'ports']] as [string, string][]}};
	expect(changedLines(planned(closeExposedPort, open(ports, env), found))).toEqual([
		'-      - ${PORT}:5432',
		'-      - "0.0.0.0:5433:5432"',
		'+      - 127.0.0.1:${PORT}:5432',
		'+      - "127.0.0.1:5433:5432"',
		'-      - 5432',
		'-      - {target: 5432, published: 5435}',
		'+      - "127.0.0.1::5432"',
		'+      - {host_ip: 127.0.0.1, target: 5432, published: 5435}',
	]);
});

test('an address from `.env` is set there', () => {
	const env = {BIND: {value: '0.0.0.0', uses: [['db', 'ports']] as [string, string][]}};
	const answer = planned(closeExposedPort, open('      - ${BIND}:5432:5432\n', env), found);
	expect(stepsOf(answer)[1]?.input).toMatchObject({file: envFile, name: 'BIND', value: {text: '127.0.0.1'}});
});

test('taken out, the list goes with its last item', () => {
	const answer = planned(closeExposedPort, open('      - 5432:5432\n      - 5433:5432\n'), found, {how: 'remove'});
	expect(changedLines(answer)).toEqual(['-    ports:', '-      - 5432:5432', '-      - 5433:5432']);
});

test('it refuses where somebody has been in, and where a variable holds more than it seems', () => {
	refusedFor(
		planned(closeExposedPort, open('      - 5432:5432\n'), findingOf({database: 'db', intruded: true})),
		/has been in/,
	);
	const env = {PUBLISH: {value: '0.0.0.0:5432', uses: [['db', 'ports']] as [string, string][]}};
	refusedFor(planned(closeExposedPort, open('      - ${PUBLISH}:5432\n', env), found), /by hand/);
	refusedFor(planned(closeExposedPort, {}, found), /publishes no port/);
	expect(planned(closeExposedPort, open('      - 1:2\n'), found, {how: 'open'}).kind).toBe('asks');
});
