import {mkdir, mkdtemp, realpath, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {Secret} from '../../source/core/secret.ts';
import {Trouble} from '../../source/core/trouble.ts';
import type {ComposeProject} from '../../source/core/world.ts';
import {chooseTarget, type Where} from '../../source/world/choose-target.ts';
import {localFiles} from '../../source/world/files.ts';

let root = '';
const files: Record<string, string> = {
	'My Shop/compose.yaml': 'services: {}\n',
	'My Shop/deep/er/.keep': '',
	'named/docker-compose.yml': 'name: ${WHICH:-from-file}\nservices: {}\n',
	'named/docker-compose.override.yml': 'services: {}\n',
	'env/docker-compose.yaml': 'services: {}\n',
	'env/.env': 'COMPOSE_PROJECT_NAME=from-env\n',
	'listed/.env': 'COMPOSE_FILE=a.yaml:b.yaml\n',
	'listed/a.yaml': 'services: {}\n',
	'listed/b.yaml': 'services: {}\n',
	'database/.env': 'DATABASE_URL=postgres://shop:s3cret@db.example:5433/shopdb\n',
	'variables/.env': 'DB_HOST=db.example\nDB_USERNAME=ann\nDB_PASSWORD=s3cret\nDB_DATABASE=shop\n',
	'nothing/.env': 'COLOUR=red\n',
};

beforeAll(async () => {
	root = await realpath(await mkdtemp(join(tmpdir(), 'compose-medic-test-')));
	for (const [path, text] of Object.entries(files)) {
		await mkdir(dirname(join(root, path)), {recursive: true});
		await writeFile(join(root, path), text);
	}
});
afterAll(() => rm(root, {recursive: true}));

const project = (name: string, folder: string | null = null, file = 'compose.yaml'): ComposeProject => ({
	name,
	running: 1,
	total: 1,
	workingDirectory: folder && join(root, folder),
	configFiles: folder ? [join(root, folder, file)] : [],
	stack: 'generic',
});

const choose = (where: Where, projects: ComposeProject[] = []) =>
	chooseTarget({environment: {}, ...where}, localFiles, async () => projects);
const at = (folder: string): Where => ({directory: join(root, folder)});

const trouble = (work: Promise<unknown>): Promise<string> =>
	work.then(
		() => 'nothing',
		error => (error instanceof Trouble ? `${error.code} ${error.exitCode}` : String(error)),
	);

test.each([
	['My Shop', {}, 'myshop'],
	['My Shop/deep/er', {}, 'myshop'],
	['named', {}, 'from-file'],
	['named', {WHICH: 'shell'}, 'shell'],
	['env', {}, 'from-env'],
	['env', {COMPOSE_PROJECT_NAME: 'shell'}, 'shell'],
	['listed', {}, 'listed'],
])("a folder's project by Compose's own rules: %s %j", async (folder, environment, name) => {
	expect(await choose({...at(folder), environment})).toMatchObject({kind: 'compose', project: name});
});

test('the files that Compose would read', async () => {
	const paths = async (folder: string) => {
		const found = await choose(at(folder));
		return found.kind === 'compose' ? found.folder?.configFiles : null;
	};
	expect(await paths('named')).toEqual(
		['docker-compose.yml', 'docker-compose.override.yml'].map(name => join(root, 'named', name)),
	);
	expect(await paths('listed')).toEqual(['a.yaml', 'b.yaml'].map(name => join(root, 'listed', name)));
});

test('containers made from these files count, whatever they are called', async () => {
	const other = project('renamed', 'My Shop');
	expect(await choose(at('My Shop'), [other, project('myshop', 'elsewhere')])).toMatchObject({project: 'renamed'});
	expect(await choose(at('My Shop'), [other, project('myshop', 'My Shop')])).toMatchObject({project: 'myshop'});
	expect(await choose(at('My Shop'), [project('myshop', 'moved-away')])).toMatchObject({project: 'myshop'});
	expect(await choose(at('My Shop'), [project('x', 'My Shop', 'other.yaml')])).toMatchObject({project: 'myshop'});
	expect(await trouble(choose(at('My Shop'), [other, project('second', 'My Shop')]))).toBe('choose-project 2');
});

test('a project by name from any folder, and no other', async () => {
	expect(await choose({...at('nothing'), project: 'far'}, [project('far')])).toEqual({
		kind: 'compose',
		project: 'far',
		folder: null,
	});
	expect(await trouble(choose({project: 'nosuch'}, [project('far')]))).toBe('unknown-project 2');
	expect(await choose({...at('My Shop'), project: 'mine'}, [])).toMatchObject({
		project: 'mine',
		folder: {name: 'mine'},
	});
});

test('a database that the env file names', async () => {
	expect(await choose(at('database'))).toMatchObject({
		kind: 'database',
		database: {target: {host: 'db.example', port: 5433, database: 'shopdb', user: 'shop'}},
	});
	expect(await choose(at('variables'))).toMatchObject({
		database: {target: {host: 'db.example', port: 5432, database: 'shop', user: 'ann'}},
	});
	expect(await choose({envFile: join(root, 'database/.env'), ...at('nothing')})).toMatchObject({kind: 'database'});
	expect(await trouble(choose({envFile: join(root, 'nothing/.env'), ...at('nothing')}))).toBe('no-credential 2');
	expect(await trouble(choose({envFile: join(root, 'nosuch.env'), ...at('nothing')}))).toBe('no-file 2');
});

test('the engine is not asked for an external database', async () => {
	const engine = () => Promise.reject(new Error('asked'));
	const url = new Secret('postgres://ann:s3cret@h/d');
	expect(await chooseTarget({databaseUrl: url, environment: {}}, localFiles, engine)).toMatchObject({
		database: {target: {user: 'ann', name: 'd@h:5432'}},
	});
});

test('a URL without a password takes it from PGPASSWORD', async () => {
	const found = await choose({databaseUrl: new Secret('postgres://ann@h/d'), environment: {PGPASSWORD: 'a@b'}});
	if (found.kind !== 'database') throw new Error(found.kind);
	const [credential] = await found.database.credentials(() => undefined);
	expect(credential?.password?.equals(new Secret('a@b'))).toBe(true);
	expect(JSON.stringify(found.database.target)).not.toContain('a@b');
});

test('what makes no sense is usage', async () => {
	expect(await trouble(choose({databaseUrl: new Secret('mysql://a:b@h/d')}))).toBe('bad-database-url 2');
	expect(await trouble(choose({databaseUrl: new Secret('postgres://a:b@h/d'), project: 'x'}))).toBe(
		'contradictory-flags 2',
	);
	expect(await trouble(choose({files: [join(root, 'nosuch.yaml')]}))).toBe('no-file 2');
	expect(await trouble(choose(at('nothing'), [project('a'), project('b')]))).toBe('choose-project 2');
});
