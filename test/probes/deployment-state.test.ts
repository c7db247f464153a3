import {expect, test} from 'vitest';
import {composeFiles} from '../../source/probes/compose-files.ts';
import {deploymentState} from '../../source/probes/deployment-state.ts';
import {container} from '../helpers/container.ts';
import {type FakeWorld, fakeWorld, never} from './fake-world.ts';

const compose = `
services:
  db: {image: postgres:15, environment: {POSTGRES_PASSWORD: "\${DB_PASSWORD}"}}
  api: {image: api, depends_on: [db], environment: {DB_PASSWORD: "\${DB_PASSWORD}"}}
  job: {image: job, profiles: [extra]}
  chosen: {image: job, profiles: [chosen]}
  off: {image: x, scale: 0}
`;
const files: FakeWorld = {
	local: {'/srv/compose.yaml': compose, '/srv/.env': 'DB_PASSWORD=s3cret\r\nCOMPOSE_PROFILES=chosen\n'},
	place: {workingDirectory: '/srv', configFiles: ['/srv/compose.yaml'], envFiles: ['/srv/.env']},
};
const look = (given: FakeWorld) => deploymentState.observe(fakeWorld({...files, ...given}), '', never);
const told = async (given: FakeWorld) =>
	(await look(given)).services.map(({service, status, role}) => `${service} ${status} ${role}`);

test('services without a container are missing when Compose would start them', async () => {
	expect(await told({containers: [container('api')]})).toEqual([
		'api running client',
		'db missing database',
		'chosen missing client',
	]);
});

test('without the files only containers are known', async () => {
	expect(await told({containers: [container('api')], local: {}})).toEqual(['api running client']);
	expect(await look({containers: [container('api')], local: {}})).toMatchObject({filesReadable: false});
});

test('one-off containers are left out, the running one of several counts', async () => {
	const containers = [
		container('db', {image: 'postgres:15', oneOff: true}),
		container('db', {image: 'postgres:15', status: 'exited', id: 'old'}),
		container('db', {image: 'postgres:15', id: 'new'}),
		container('api'),
		container('chosen'),
	];
	const {services} = await look({containers});
	expect(services.filter(({service}) => service === 'db').map(({id}) => id)).toEqual(['new']);
});

test('dependencies come from the label, else from the file; names of variables, never values', async () => {
	const labels = {'com.docker.compose.depends_on': 'redis:service_started:false,db:service_healthy:true'};
	const environment = {api: {DB_PASSWORD: 's3cret'}};
	const withLabel = await look({containers: [container('api', {labels})], environment});
	expect(withLabel.services[0]).toMatchObject({dependsOn: ['db', 'redis'], variables: ['DB_PASSWORD']});
	expect((await look({containers: [container('api')]})).services[0]?.dependsOn).toEqual(['db']);
	expect(JSON.stringify(withLabel)).not.toContain('s3cret');
	expect(withLabel.services[0]).not.toHaveProperty('labels');
});

test('a password in a command line is taken out', async () => {
	const redis = container('redis', {command: ['redis-server', '--requirepass', 's3cret']});
	const {services} = await look({containers: [redis], redact: text => text.replaceAll('s3cret', '•••')});
	expect(services[0]?.command).toEqual(['redis-server', '--requirepass', '•••']);
});

test('the files are told with hashes, entries and uses, and no value', async () => {
	const found = await composeFiles.observe(fakeWorld(files), '', never);
	expect(found).toMatchObject({readable: true, envFile: '/srv/.env', problem: null});
	expect(Object.keys(found.hashes).sort()).toEqual(['/srv/.env', '/srv/compose.yaml']);
	expect(found.entries[0]).toEqual({
		file: '/srv/.env',
		line: 1,
		name: 'DB_PASSWORD',
		oddities: ['carriage-return'],
		references: [],
	});
	expect(found.uses.map(({service, key, defined}) => [service, key, defined])).toEqual([
		['db', 'POSTGRES_PASSWORD', true],
		['api', 'DB_PASSWORD', true],
	]);
	expect(JSON.stringify(found)).not.toContain('s3cret');
});

test('what keeps the files from being read is told', async () => {
	const broken = {...files, local: {...files.local, '/srv/.env': 'A B=s3cret\n'}};
	expect(await composeFiles.observe(fakeWorld(broken), '', never)).toMatchObject({
		problem: '/srv/.env:1: key cannot contain a space',
	});
	const gone = await composeFiles.observe(fakeWorld({...files, local: {}}), '', never);
	expect(gone).toMatchObject({readable: false, entries: [], uses: []});
});
