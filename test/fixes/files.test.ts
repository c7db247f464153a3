import {expect, test} from 'vitest';
import type {Finding} from '../../source/core/diagnosis.ts';
import type {Fix, Plan, PlanAnswer} from '../../source/core/fix.ts';
import {seeing} from '../../source/core/walk.ts';
import {type Changes, sampleFacts, seen} from '../../source/diagnoses/samples.ts';
import {fixMode} from '../../source/fixes/fix-mode.ts';
import {fixOwnership} from '../../source/fixes/fix-ownership.ts';
import {moveToNamedVolume} from '../../source/fixes/move-to-named-volume.ts';
import {removeStalePid} from '../../source/fixes/remove-stale-pid.ts';
import {composeTexts} from '../../source/probes/compose-texts.ts';
import {type DataOwner, dataOwner} from '../../source/probes/data-owner.ts';
import {volumeNames} from '../../source/probes/volume-names.ts';

const data = '/var/lib/postgresql/data';
const finding = {id: 'x', affects: ['db'], hands: [{database: 'db'}]} as Partial<Finding> as Finding;

const folder = (uid: number, mode: number): NonNullable<DataOwner['directory']> => ({
	kind: 'folder',
	uid,
	gid: uid,
	mode,
	size: 0,
	modifiedAt: '2025-06-01T00:00:00.000Z',
});
const owner = (change: Partial<DataOwner>): Changes => ({
	services: {db: {status: 'restarting', exitCode: 1, restartCount: 4}},
	also: [
		seen(dataOwner, 'db', {
			path: data,
			directory: folder(999, 0o700),
			files: [],
			runsAs: {uid: 999, name: 'postgres'},
			handsOver: true,
			lock: null,
			sockets: [],
			...change,
		}),
	],
});

const answer = (fix: Fix, changes: Changes, settings = {}): PlanAnswer =>
	fix.plan(seeing(sampleFacts(changes)), finding, settings);
const plan = (...given: Parameters<typeof answer>): Plan => {
	const got = answer(...given);
	if (got.kind !== 'plan') throw new Error(JSON.stringify(got));
	return got;
};
const ids = ({steps}: Plan): string[] => steps.map(({step}) => step);
const input = (given: Plan, id: string) => given.steps.find(({step}) => step === id)?.input;

const empty = owner({lock: {holds: 'nothing', pid: null}});

test('a lock file goes between a stop and a start, after a look that nobody is there', () => {
	const made = plan(removeStalePid, empty);
	expect(ids(made)).toEqual(['save-evidence', 'prove-unused', 'stop-database', 'set-lock-aside', 'start-database']);
	expect(input(made, 'set-lock-aside')).toMatchObject({files: [`${data}/postmaster.pid`], hostIsChecked: false});
	expect(made.assumes['container:db']).toBe('db-id');
});

test('a lock of a socket that lies beside the data goes as well, one elsewhere does not', () => {
	const says = (path: string): Changes => ({
		...owner({}),
		logs: {db: [{severity: 'FATAL', text: `lock file "${path}/.s.PGSQL.5432.lock" is empty`}]},
	});
	expect(input(plan(removeStalePid, says(`${data}/run`)), 'set-lock-aside')).toMatchObject({
		files: [`${data}/run/.s.PGSQL.5432.lock`],
	});
	expect(answer(removeStalePid, says('/var/run/postgresql'))).toMatchObject({kind: 'not-applicable'});
});

test('what a person has seen of the machine is handed on', () => {
	expect(input(plan(removeStalePid, empty, {host: 'checked'}), 'set-lock-aside')).toMatchObject({hostIsChecked: true});
});

test.each([
	['no lock file', owner({})],
	['a second user of the data', {...empty, directory: {sharedWith: ['other/db']}}],
	['data in the container’s own layer', {...empty, directory: {kind: 'none', source: null, mountedAt: null}}],
	['no container', {...empty, services: {db: {status: 'missing'}}}],
] satisfies [string, Changes][])('no lock file is removed: %s', (_name, changes) => {
	expect(answer(removeStalePid, changes)).toMatchObject({kind: 'not-applicable'});
});

const versionFile = (mode: number) => ({...folder(999, mode), kind: 'file' as const, path: `${data}/PG_VERSION`});
const open = (version: number): Changes => owner({directory: folder(999, 0o777), files: [versionFile(version)]});

test('a data directory that is too open gets the mode that initdb gave it', () => {
	const made = plan(fixMode, open(0o600));
	expect(ids(made)).toEqual(['save-evidence', 'try-mount', 'stop-database', 'set-data-mode', 'start-database']);
	expect(input(made, 'set-data-mode')).toMatchObject({mode: 0o700});
	expect(input(plan(fixMode, open(0o640)), 'set-data-mode')).toMatchObject({mode: 0o750});
	// Everything is open: nothing tells that group access was meant.
	expect(input(plan(fixMode, open(0o777)), 'set-data-mode')).toMatchObject({mode: 0o700});
	const old = {...open(0o640), directory: {majorVersion: '10'}};
	expect(input(plan(fixMode, old), 'set-data-mode')).toMatchObject({mode: 0o700});
});

test.each([0o700, 0o750])('a mode of %o is left alone', mode => {
	expect(answer(fixMode, owner({directory: folder(999, mode)}))).toMatchObject({kind: 'not-applicable'});
});

const refused = {text: `chown: changing ownership of '${data}': Operation not permitted`};
const asRoot: Changes = owner({directory: folder(0, 0o700), files: [{...versionFile(0o600), uid: 0}]});

test('files that were restored as root go back to the user of the container, tried before anything stops', () => {
	const made = plan(fixOwnership, asRoot);
	expect(ids(made)).toEqual(['save-evidence', 'try-mount', 'stop-database', 'change-owners', 'start-database']);
	expect(input(made, 'change-owners')).toMatchObject({uid: 999});
	const alpine = owner({directory: folder(0, 0o700), runsAs: {uid: 70, name: 'postgres'}});
	expect(input(plan(fixOwnership, alpine), 'change-owners')).toMatchObject({uid: 70});
});

test('where `user:` is what is wrong, it asks instead of giving the files away', () => {
	const drifted = owner({
		directory: folder(999, 0o700),
		files: [versionFile(0o600)],
		runsAs: {uid: 1000, name: '1000'},
		handsOver: false,
	});
	const asked = answer(fixOwnership, drifted);
	expect(asked).toMatchObject({kind: 'asks', settings: [{key: 'follow'}]});
	expect(asked.kind === 'asks' ? asked.why.en : '').toContain('user: "999:999"');
	expect(input(plan(fixOwnership, drifted, {follow: 'user'}), 'change-owners')).toMatchObject({uid: 1000});
});

test('a mount that has refused root is not tried; a container that lacks the right is no such mount', () => {
	const says = {...asRoot, logs: {db: [refused]}};
	expect(answer(fixOwnership, says)).toMatchObject({kind: 'not-applicable'});
	const dropped = {readOnlyRoot: false, capDrop: ['CHOWN'], seccomp: 'none' as const, tmpfs: [], stopGrace: 10};
	expect(ids(plan(fixOwnership, {...says, services: {db: {confinement: dropped}}}))).toContain('change-owners');
});

test.each([
	['a user that the image does not know', owner({directory: folder(0, 0o700), runsAs: {uid: null, name: 'shop'}})],
	['a server as root', owner({directory: folder(999, 0o700), runsAs: {uid: 0, name: 'root'}})],
	['no directory', owner({directory: null})],
] satisfies [string, Changes][])('no owner is changed: %s', (_name, changes) => {
	expect(answer(fixOwnership, changes)).toMatchObject({kind: 'not-applicable'});
});

const file = '/srv/shop/docker-compose.yaml';
const withFile = (text: string, changes: Changes = asRoot, volumes: string[] = []): Changes => ({
	...changes,
	files: {hashes: {[file]: 'aa'}},
	also: [
		...(changes.also ?? []),
		seen(composeTexts, '', {files: [{path: file, text, extended: false}], values: {}}),
		seen(volumeNames, '', volumes),
	],
});
const mounted = `services:\n  db:\n    volumes:\n      - ./volumes/db/data:${data} # here\n`;

test('a folder is copied, proven and mounted from a volume, and the way back ends with the volume', () => {
	const made = plan(moveToNamedVolume, withFile(mounted));
	expect(ids(made)).toEqual([
		'save-evidence',
		'measure-data',
		'stop-database',
		'copy-to-volume',
		'prove-volume',
		'declare-volume',
		'edit-compose-service',
		'recreate-service',
		'start-database',
	]);
	expect(input(made, 'copy-to-volume')).toMatchObject({
		place: {kind: 'bind', source: '/srv/shop/volumes/db/data'},
		volume: 'shop_db-data',
		key: 'db-data',
		project: 'shop',
		inside: '',
	});
	expect(input(made, 'edit-compose-service')).toMatchObject({
		edits: [{path: ['volumes', 0], was: `./volumes/db/data:${data}`, to: `db-data:${data}`}],
	});
	expect(made.afterUndo.map(({step}) => step)).toEqual(['recreate-service', 'drop-moved-volume']);
	expect(made.assumes[`file:${file}`]).toBe('aa');
});

test('the new volume gets a name that is free, or the one that is wanted', () => {
	const taken = withFile(`${mounted}volumes:\n  db-data:\n`);
	expect(input(plan(moveToNamedVolume, taken), 'declare-volume')).toMatchObject({key: 'db-data-2'});
	const kept = withFile(mounted, asRoot, ['shop_db-data', 'other_db-data-2']);
	expect(input(plan(moveToNamedVolume, kept), 'copy-to-volume')).toMatchObject({volume: 'shop_db-data-2'});
	expect(input(plan(moveToNamedVolume, taken, {volume: 'rows'}), 'declare-volume')).toMatchObject({key: 'rows'});
	expect(answer(moveToNamedVolume, taken, {volume: '../x'})).toMatchObject({kind: 'not-applicable'});
	expect(answer(moveToNamedVolume, taken, {volume: 'db-data'})).toMatchObject({kind: 'not-applicable'});
});

test('without a place in a file it says what to write', () => {
	const refusal = answer(moveToNamedVolume, withFile('services:\n  db:\n    image: postgres:15\n'));
	expect(refusal).toMatchObject({kind: 'not-applicable'});
	expect(refusal.kind === 'not-applicable' ? refusal.why.en : '').toContain(`\`db-data:${data}\``);
});

test.each([
	['an anonymous volume', withFile(mounted, {...asRoot, directory: {kind: 'anonymous-volume'}})],
	['nothing initialised', withFile(mounted, {...asRoot, directory: {majorVersion: null}})],
	['a second user of the data', withFile(mounted, {...asRoot, directory: {sharedWith: ['other/db']}})],
] satisfies [string, Changes][])('nothing is moved: %s', (_name, changes) => {
	expect(answer(moveToNamedVolume, changes)).toMatchObject({kind: 'not-applicable'});
});
