import {expect, test} from 'vitest';
import {generic} from '../../source/stacks/generic.ts';
import {recogniseStack, stackById} from '../../source/stacks/index.ts';
import {container} from '../helpers/container.ts';

const of = (...services: string[]): string => recogniseStack(services.map(service => container(service))).id;

test('Dify is recognised by its services or by its images', () => {
	expect(of('db', 'redis', 'api', 'worker', 'plugin_daemon', 'web', 'nginx')).toBe('dify');
	expect(of('db_postgres', 'api', 'worker', 'worker_beat', 'web')).toBe('dify');
	expect(recogniseStack([container('backend', {image: 'langgenius/dify-api:1.9.0'})]).id).toBe('dify');
	expect(of('db', 'api', 'worker')).toBe('generic');
	expect(of('db', 'app')).toBe('generic');
	expect(of()).toBe('generic');
	expect(stackById('dify').id).toBe('dify');
	expect(stackById('external').id).toBe('generic');
});

test.each([
	['postgres:15-alpine', 'database'],
	['postgres', 'database'],
	['docker.io/library/postgres:16@sha256:0000', 'database'],
	['bitnami/postgresql:15', 'database'],
	['pgvector/pgvector:pg16', 'database'],
	['postgis/postgis:15-3.4', 'database'],
	['timescale/timescaledb-ha:pg15', 'database'],
	['supabase/postgres:15.1', 'database'],
	['registry.example:5000/team/postgres:1', 'database'],
	['prodrigestivill/postgres-backup-local', 'client'],
	['prometheuscommunity/postgres-exporter', 'client'],
	['dpage/pgadmin4', 'other'],
	['postgrest/postgrest', 'client'],
	['edoburu/pgbouncer', 'client'],
	['nginx:alpine', 'proxy'],
	['traefik:v3', 'proxy'],
	['redis:6-alpine', 'cache'],
	['valkey/valkey:8', 'cache'],
	['mysql:8', 'other'],
	['mycompany/app:latest', 'client'],
])('%s is a %s', (image, role) => expect(generic.roleOf(container('x', {image}))).toBe(role));

test('an image of its own is a database by where its data is kept', () => {
	const mounts = [{type: 'volume', name: 'v', source: '/v', destination: '/var/lib/postgresql/data', writable: true}];
	expect(generic.roleOf(container('x', {image: 'sha256:abc', mounts}))).toBe('database');
});

test('Dify: parts by service name, added services by image', () => {
	const roles = [
		'db',
		'db_postgres',
		'api',
		'worker',
		'worker_beat',
		'plugin_daemon',
		'nginx',
		'redis',
		'web',
		'ssrf_proxy',
	].map(service => stackById('dify').roleOf(container(service)));
	expect(roles).toEqual([
		'database',
		'database',
		'client',
		'client',
		'client',
		'client',
		'proxy',
		'cache',
		'other',
		'other',
	]);
	expect(stackById('dify').roleOf(container('postgres', {image: 'postgres:15'}))).toBe('database');
});
