import {expect, test} from 'vitest';
import type {DataPlace} from '../../source/core/data-place.ts';
import {imagesOfMajor} from '../../source/core/major-image.ts';
import {composeSource, newMount, newSource} from '../../source/core/new-place.ts';

const id = '20260102-030405-upgrade-major';

test('the new name carries the mark and the time, and none that an earlier run added', () => {
	expect(newSource({beside: 'shop_pg', mark: 'pg18'}, id)).toBe('shop_pg-pg18-20260102-030405');
	expect(newSource({beside: 'shop_pg-pg17-20250102-030405', mark: 'pg18'}, id)).toBe('shop_pg-pg18-20260102-030405');
	expect(newSource({beside: 'a'.repeat(64), mark: 'pg18'}, id)).toBe('aaaaaaaaaaaa-pg18-20260102-030405');
});

test('folders below the project are written relative to it', () => {
	expect(composeSource('/srv/shop/data', '/srv/shop/')).toBe('./data');
	expect(composeSource('/srv/shopping/data', '/srv/shop')).toBe('/srv/shopping/data');
	expect(composeSource('shop_pg', '/srv/shop')).toBe('shop_pg');
});

const place = (mountedAt: string): DataPlace => ({
	path: mountedAt,
	source: 'v',
	mountedAt,
	kind: 'volume',
	method: 'copy',
});

test.each([
	['/var/lib/postgresql/data', '/var/lib/postgresql/data', {destination: '/var/lib/postgresql/data', within: ''}],
	['/var/lib/postgresql/data', '/var/lib/postgresql/data/pg/', {destination: '/var/lib/postgresql/data', within: 'pg'}],
	[
		'/var/lib/postgresql/data',
		'/var/lib/postgresql/18/docker',
		{destination: '/var/lib/postgresql', within: '18/docker'},
	],
	['/data', '/elsewhere', null],
])('mounted at %s with PGDATA at %s', (mountedAt, path, expected) => {
	expect(newMount(place(mountedAt), path)).toEqual(expected);
});

test.each([
	['postgres:18', '18', ['postgres:15']],
	['postgres:18.1-alpine3.22', '18', ['postgres:15-alpine3.22', 'postgres:15-alpine']],
	[
		'docker.io/library/postgres:18-bookworm',
		'18',
		['docker.io/library/postgres:15-bookworm', 'docker.io/library/postgres:15'],
	],
	['postgres', '18', ['postgres:15']],
	['postgres:alpine@sha256:aa', '18', ['postgres:15-alpine']],
	['pgvector/pgvector:pg17', '17', ['pgvector/pgvector:pg15']],
	['pgvector/pgvector:0.8.1-pg18-trixie', '18', ['pgvector/pgvector:0.8.1-pg15-trixie']],
	['registry:5000/postgis/postgis:17-3.5', '17', ['registry:5000/postgis/postgis:15-3.5']],
	['registry:5000/mine', '17', []],
])('%s, of %s, for data of 15', (reference, present, expected) => {
	expect(imagesOfMajor(reference, present, '15')).toEqual(expected);
});
