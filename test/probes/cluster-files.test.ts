import {expect, test} from 'vitest';
import {clusterFiles} from '../../source/probes/cluster-files.ts';
import {container} from '../helpers/container.ts';
import {type FakeWorld, fakeWorld, never} from './fake-world.ts';

const data = '/var/lib/postgresql/data';
const look = (files: FakeWorld['files'], given: FakeWorld = {}) =>
	clusterFiles.observe(fakeWorld({containers: [container('db')], files, ...given}), 'db', never);

test('what a first start left behind', async () => {
	expect(await look({[`${data}/PG_VERSION`]: {content: '15'}})).toEqual({
		controlFile: false,
		relationMap: false,
		control: null,
		segments: [],
		admitsOthers: null,
		grewFor: null,
		livedFor: null,
	});
});

test('how long it lived', async () => {
	const files = {
		[`${data}/PG_VERSION`]: {content: '15', modifiedAt: '2025-01-01T00:00:00.000Z'},
		[`${data}/base`]: {content: '', modifiedAt: '2025-01-01T00:00:03.000Z'},
		[`${data}/pg_wal`]: {content: '', modifiedAt: '2025-01-01T01:00:00.000Z'},
	};
	expect(await look(files)).toMatchObject({grewFor: 3, livedFor: 3600});
});

const initdb = 'local all all trust\nhost all all 127.0.0.1/32 trust\nhost all all ::1/128 trust\n';

test.each([
	[initdb, false],
	[`${initdb}host replication all 127.0.0.1/32 trust\n# host all all all md5\n`, false],
	[`${initdb}\nhost all all all scram-sha-256\n`, true],
	[`${initdb}hostssl shop shop 172.16.0.0/12 scram-sha-256\n`, true],
	[`${initdb}host all all all reject\n`, false],
])('who may come in: %j', async (content, expected) => {
	expect((await look({[`${data}/pg_hba.conf`]: {content}})).admitsOthers).toBe(expected);
});
