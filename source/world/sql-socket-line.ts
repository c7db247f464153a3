import {createHash} from 'node:crypto';
import {setTimeout as sleep} from 'node:timers/promises';
import {socketLine as trustLine} from '../core/pg-hba-text.ts';
import {say, verbatim} from '../core/say.ts';
import {Trouble} from '../core/trouble.ts';
import type {ExecResult} from '../core/world.ts';
import {helperMounts} from './server-place.ts';
import {overSocket, type SqlCall} from './sql-socket.ts';
import {superuserNames} from './superuser-names.ts';

// A temporary line in pg_hba.conf opens the local socket for one role and one database, for as long as one script runs.
// The byte copy beside the file is the mark of an unfinished run: whoever finds it restores it first.

const patience = 30_000;
const between = 150;

/** Where the server reads its rules: the running server's own answer needs a login, `postgres -C` does not. */
const findScript = 'file=$(postgres -C hba_file -D "$1" 2>/dev/null) || file="$1/pg_hba.conf"; readlink -f "$file"';

/**
 * Takes our line out again. With nobody else's edit in between, the copy is moved back whole; otherwise only our line
 * goes and the edit stays.
 */
const closeScript = `
set -eu
file="$1"; line="$2"; copy="$file.compose-medic.bak"; rm -f "$file.compose-medic.new"
[ -e "$copy" ] || exit 0
if cmp -s "$file" "$copy" || tail -n +2 "$file" | cmp -s - "$copy"; then mv "$copy" "$file"; else
	cp -p "$file" "$file.compose-medic.new"
	grep -vxF -- "$line" "$file" >"$file.compose-medic.new" || :
	mv "$file.compose-medic.new" "$file"; rm -f "$copy"
fi
sync
`;

const openScript = `
set -eu
file="$1"; line="$2"; copy="$file.compose-medic.bak"; new="$file.compose-medic.new"
cp -p "$file" "$new"; sync; mv "$new" "$copy"
cp -p "$copy" "$new"
{ printf '%s\\n' "$line"; cat "$copy"; } >"$new"
sync; mv "$new" "$file"
`;

/** \`kill -HUP\` to the postmaster itself, wherever it is in the process tree: an init process in front would not always pass it on. */
const reloadScript = 'kill -HUP "$(head -n 1 "$1/postmaster.pid")"';

const denied =
	/no password supplied|password authentication failed|authentication failed for user|pg_hba\.conf (rejects|entry)|no pg_hba\.conf entry/;

const unwritable = ({world}: SqlCall, {stderr}: ExecResult): Trouble =>
	new Trouble(
		'hba-not-writable',
		say('pg_hba.conf can’t be changed inside the container.', '无法在容器内修改 pg_hba.conf。'),
		{
			why: verbatim(world.redact(stderr.trim().slice(0, 300))),
			next: say(
				'Choose another way: `--set route=private-server` stops the server for a moment.',
				'请换一条路径：`--set route=private-server` 会短暂停止服务器。',
			),
		},
	);

async function inServer(call: SqlCall, text: string, ...words: string[]): Promise<ExecResult> {
	// The restoring scripts must run even when the run is being cancelled, so they carry no signal.
	const result = await call.docker.exec(call.server.container.id, ['sh', '-c', text, 'sh', ...words], {
		user: call.server.owner,
		environment: {LC_ALL: 'C'},
	});
	if (result.code === 0) return result;
	throw unwritable(call, result);
}

async function digestOf(call: SqlCall, file: string): Promise<string> {
	const found = await call.world.docker.readFile(call.server.container.id, file);
	return found ? createHash('sha256').update(found.content).digest('hex') : '';
}

/** Tries until the answer is the wanted one: a reload takes effect a moment after the signal. */
async function until(wanted: () => Promise<boolean>): Promise<boolean> {
	for (const end = Date.now() + patience; Date.now() < end; await sleep(between)) if (await wanted()) return true;
	return false;
}

async function close(call: SqlCall, file: string, role: string, original: string | null): Promise<void> {
	const {server} = call;
	await inServer(call, closeScript, file, trustLine(call.options.database ?? 'template1', role));
	await inServer(call, reloadScript, server.data);
	const same = original === null || (await digestOf(call, file)) === original;
	const shut = await until(async () =>
		denied.test((await overSocket({...call, signal: AbortSignal.timeout(patience)}, role, 'select 1;')).stderr),
	);
	if (same && shut) return;
	throw new Trouble(
		'socket-still-open',
		say('pg_hba.conf could not be put back as it was.', '未能将 pg_hba.conf 恢复原样。'),
		{
			why: same
				? say('The local socket still answers without a password.', '本地套接字仍可免密登录。')
				: say('The file differs from the copy made before.', '文件与之前的副本不一致。'),
			next: say(
				`Look at \`${file}\` in the container and reload it with \`pg_ctl reload\`.`,
				`请检查容器内的 \`${file}\`，并用 \`pg_ctl reload\` 重新加载。`,
			),
		},
	);
}

/**
 * Runs a script over a local socket that asks for a password nobody knows. The file comes back byte for byte, whatever
 * happens to the script; a leftover of a killed run is put back first.
 */
export async function socketLine(call: SqlCall): Promise<ExecResult> {
	const file = (await inServer(call, findScript, call.server.data)).stdout.trim();
	const database = call.options.database ?? 'template1';
	let last: ExecResult = {code: 1, stdout: '', stderr: 'FATAL: no role to log in as'};
	for (const role of await superuserNames(call.world.docker, call.server, call.options.superuser)) {
		const line = trustLine(database, role);
		await inServer(call, closeScript, file, line);
		const original = await digestOf(call, file);
		try {
			await inServer(call, openScript, file, line);
			await inServer(call, reloadScript, call.server.data);
			const open = await until(async () => {
				last = await overSocket(call, role, 'select 1;');
				return last.code === 0 || /role ".*" does not exist/.test(last.stderr);
			});
			if (open && last.code === 0) last = await overSocket(call, role, call.sql);
		} finally {
			await close(call, file, role, original);
		}
		if (!/role ".*" does not exist/.test(last.stderr)) break;
	}
	return last;
}

/**
 * Puts back what a killed run left open, if it did. A stopped server's file is restored through a helper, so that it does
 * not start with an open socket.
 */
export async function closeLeftover(call: SqlCall): Promise<void> {
	const {container, data, owner} = call.server;
	if (container.status !== 'running') {
		const result = await call.docker.helper({
			name: `compose-medic-hba-${container.id.slice(0, 12)}`,
			image: container.imageId,
			entrypoint: ['sh'],
			command: ['-c', `file=$(${findScript}); set -- "$file" ''; ${closeScript}`, 'sh', data],
			user: owner,
			network: 'none',
			environment: {LC_ALL: 'C'},
			mounts: helperMounts(
				container.mounts.filter(({type}) => type !== 'tmpfs'),
				false,
			),
		});
		if (result.code !== 0) throw unwritable(call, result);
		return;
	}
	const file = (await inServer(call, findScript, data)).stdout.trim();
	if ((await call.world.docker.readFile(container.id, `${file}.compose-medic.bak`)) === null) return;
	const [role = 'postgres'] = await superuserNames(call.world.docker, call.server, call.options.superuser);
	await close(call, file, role, null);
}
