import {execFileSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {differences, manifestScript, summarise} from '../../source/core/manifest.ts';

function folder(): string {
	const path = mkdtempSync(join(tmpdir(), 'compose-medic-manifest-'));
	onTestFinished(() => rmSync(path, {recursive: true, force: true}));
	mkdirSync(join(path, 'base'), {mode: 0o700});
	writeFileSync(join(path, 'base', 'one two'), 'rows', {mode: 0o600});
	writeFileSync(join(path, 'PG_VERSION'), '15\n', {mode: 0o600});
	symlinkSync('PG_VERSION', join(path, 'link'));
	return path;
}

const manifest = (path: string): string => execFileSync('sh', ['-c', manifestScript, 'sh', path], {encoding: 'utf8'});

test('equal folders have equal manifests, whatever the order of their entries', () => {
	const [one, other] = [manifest(folder()), manifest(folder())];
	expect(summarise(one)).toEqual(summarise(other.split('\n').reverse().join('\n')));
	expect(summarise(one)).toMatchObject({entries: 5, bytes: 7});
});

test.each([
	['a byte', (path: string) => writeFileSync(join(path, 'base', 'one two'), 'rowz')],
	['a mode', (path: string) => execFileSync('chmod', ['640', join(path, 'PG_VERSION')])],
	['an entry', (path: string) => writeFileSync(join(path, 'extra'), '')],
	['a link', (path: string) => execFileSync('ln', ['-sfn', 'base', join(path, 'link')])],
])('%s more or less is seen', (_name, change) => {
	const [one, other] = [folder(), folder()];
	change(other);
	expect(summarise(manifest(one)).digest).not.toBe(summarise(manifest(other)).digest);
	expect(differences(manifest(one), manifest(other))).toHaveLength(1);
});

test('our own marks are not part of the data', () => {
	const path = folder();
	const before = summarise(manifest(path));
	mkdirSync(join(path, '.compose-medic-old-1'));
	writeFileSync(join(path, '.compose-medic-old-1', 'x'), 'x');
	expect(summarise(manifest(path))).toEqual(before);
});
