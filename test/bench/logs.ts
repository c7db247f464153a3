import {spawnSync} from 'node:child_process';
import {closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {requiredWords} from '../../source/logs/literals.ts';
import {messages} from '../../source/messages/index.ts';

// How fast and how small `diagnose --logs` is on a large file, beside grep with the same words. Prints, asserts nothing.
// npm run bench:logs -- [MEGABYTES]

const megabytes = Number(process.argv[2] ?? 512);

/** What a deployment that works writes, as applications, servers, proxies and Docker's json-file driver do. */
const ordinary = [
	'api-1  | 2025-05-06 15:56:39,123 INFO [_internal.py:97]  127.0.0.1 - - [06/May/2025 15:56:39] "GET /console/api/tasks?page=1 HTTP/1.0" 200 -',
	'db_1   | 2025-05-06 15:56:40.029 UTC [56] LOG:  checkpoint complete: wrote 41 buffers (0.3%); 0 WAL file(s) added, 0 removed, 0 recycled; write=4.1 s',
	'worker-1  | [2025-05-06 15:56:40,001: INFO/MainProcess] Task tasks.document_indexing_task[3f1c9a] succeeded in 0.4312s: None',
	'nginx-1 | 172.18.0.1 - - [06/May/2025:15:56:41 +0000] "POST /api/chat-messages HTTP/1.1" 200 8123 "https://example.org/app/1" "Mozilla/5.0 (X11; Linux x86_64)"',
	'{"log":"{\\"level\\":\\"info\\",\\"msg\\":\\"request completed\\",\\"duration\\":12}\\n","stream":"stdout","time":"2025-05-06T15:56:39.123456789Z"}',
	'redis-1 | 1:M 06 May 2025 15:56:42.001 * 100 changes in 300 seconds. Saving...',
	'web-1  | GET /_next/static/chunks/main-app-5c1f2f.js 200 in 4ms',
];
/** One line in five thousand speaks of trouble. */
const trouble = [
	'api-1  | sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) connection to server at "db" (172.18.0.3), port 5432 failed: FATAL:  password authentication failed for user "postgres"',
	'db_1   | 2025-05-06 15:56:40.029 UTC [56] FATAL:  password authentication failed for user "postgres"',
];

/** Makes the program tell its largest resident size, in KB, when it ends. */
const telling =
	"data:text/javascript,process.on('exit',()=>process.stderr.write('peak '+process.resourceUsage().maxRSS))";

const folder = mkdtempSync(join(tmpdir(), 'compose-medic-bench-'));
try {
	const file = join(folder, 'large.log');
	const lines: string[] = [];
	for (let index = 0, length = 0; length < 1 << 21; index++) {
		const line = `${index % 5000 === 4999 ? trouble[Math.floor(index / 5000) % 2] : ordinary[index % ordinary.length]}\n`;
		lines.push(line);
		length += line.length;
	}
	const block = lines.join('');
	const handle = openSync(file, 'w');
	for (let written = 0; written < megabytes; written += 2) writeSync(handle, block);
	closeSync(handle);

	// The words of which every sentence of the catalogue holds one: what our scanner looks for, and grep too.
	const words = [...new Set(messages.flatMap(({says}) => requiredWords(says) ?? []))];
	const patterns = join(folder, 'patterns');
	writeFileSync(patterns, words.map(word => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'));

	const bytes = Math.ceil(megabytes / 2) * block.length;
	const report = (name: string, seconds: number, more = ''): void =>
		console.log(
			`${name.padEnd(28)} ${seconds.toFixed(2).padStart(7)} s  ${(bytes / 1e6 / seconds).toFixed(0).padStart(5)} MB/s${more}`,
		);
	const time = (command: string, argv: string[]): {seconds: number; stderr: string} => {
		const started = performance.now();
		const {stderr, error} = spawnSync(command, argv, {
			env: {...process.env, LC_ALL: 'C'},
			encoding: 'utf8',
			stdio: ['ignore', command === 'cat' ? 'ignore' : 'pipe', 'pipe'],
		});
		if (error) throw error;
		return {seconds: (performance.now() - started) / 1000, stderr};
	};
	console.log(`${(bytes / 1e6).toFixed(0)} MB, ${words.length} words`);
	// Both read from the page cache.
	time('cat', [file]);
	const ours = time(process.execPath, [
		'--import',
		telling,
		resolve('dist/cli.js'),
		'diagnose',
		'--logs',
		file,
		'--json',
	]);
	const grep = time('grep', ['-cE', '-f', patterns, file]);
	const folded = time('grep', ['-ciE', '-f', patterns, file]);
	const resident = Number(/peak (\d+)/.exec(ours.stderr)?.[1] ?? Number.NaN);
	report('diagnose --logs', ours.seconds, `  peak ${(resident / 1024).toFixed(0)} MB resident`);
	report('LC_ALL=C grep -cE', grep.seconds);
	report('LC_ALL=C grep -ciE', folded.seconds);
	console.log(
		`of grep’s speed: ${((100 * grep.seconds) / ours.seconds).toFixed(0)} %, without case ${((100 * folded.seconds) / ours.seconds).toFixed(0)} %`,
	);
} finally {
	rmSync(folder, {recursive: true, force: true});
}
