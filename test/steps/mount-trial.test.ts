import {execFileSync} from 'node:child_process';
import {mkdir, readdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {mountTrialScript} from '../../source/steps/parts/mount-trial.ts';
import {withFolder} from '../helpers/cli.ts';

const quiet = '#!/bin/sh\nexit 0\n';
const refusing = '#!/bin/sh\necho "Operation not permitted" >&2\nexit 1\n';
/** What the real tools would answer on a mount that keeps everything, without the rights of root. */
const obeying = {
	chmod: '#!/bin/sh\necho "$1" >"$STATE/mode"\n',
	chown: '#!/bin/sh\necho "$1" >"$STATE/owner"\n',
};
const denying = '#!/bin/sh\necho "mkdir: cannot create directory: Permission denied" >&2\nexit 1\n';
const stat = '#!/bin/sh\ncase "$2" in %a) cat "$STATE/mode" ;; *) cat "$STATE/owner" ;; esac\n';

/** Runs the trial with tools that behave as they would on some mount. */
const onMount = (tools: {chmod: string; chown: string; mkdir?: string}): Promise<{says: string; left: string[]}> =>
	withFolder(async folder => {
		const [bin, data] = [join(folder, 'bin'), join(folder, 'data')];
		await mkdir(bin);
		await mkdir(data);
		for (const [name, text] of Object.entries({...tools, stat})) await writeFile(join(bin, name), text, {mode: 0o755});
		await writeFile(join(folder, 'mode'), '777\n');
		await writeFile(join(folder, 'owner'), '0:0\n');
		const says = execFileSync('sh', ['-c', `set -eu\n${mountTrialScript}`, 'sh', data, 'try', '70:70'], {
			env: {PATH: `${bin}:${process.env['PATH']}`, STATE: folder},
			encoding: 'utf8',
		});
		return {says: says.trim(), left: await readdir(data)};
	});

test.each([
	['keeps everything', obeying, 'keeps'],
	['refuses modes', {...obeying, chmod: refusing}, 'refuses-modes'],
	['agrees to modes and keeps none', {...obeying, chmod: quiet}, 'refuses-modes'],
	['shuts root out', {...obeying, mkdir: denying}, 'refuses-owners'],
	['refuses owners', {...obeying, chown: refusing}, 'refuses-owners'],
	['agrees to owners and keeps none', {...obeying, chown: quiet}, 'refuses-owners'],
])('a mount that %s is told, and nothing is left on it', async (_name, tools, says) => {
	expect(await onMount(tools)).toEqual({says, left: []});
});
