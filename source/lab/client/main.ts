/**
 * The application of the lab's deployments: one small real client of PostgreSQL that plays api, worker, plugin daemon,
 * web front end or any app. It fails as such programs do: it prints what the library says and exits.
 */
import {readFileSync} from 'node:fs';
import {createServer} from 'node:http';
import {openCache} from './cache.ts';
import {openDatabase} from './database.ts';

const role = process.env.ROLE ?? 'app';
const ports: Record<string, number> = {api: 5001, plugin_daemon: 5002, web: 3000, app: 8000};
let failing = false;

function giveUp(error: unknown): void {
	if (failing) return;
	failing = true;
	const {name, message, code} = error as NodeJS.ErrnoException;
	console.error(`${name}: ${message}`);
	if (code) console.error(`    code: '${code}'`);
	// Without a pause the engine's restarts would fill the log and the processor.
	setTimeout(() => process.exit(1), 2000);
}

/** A cache that is filled at start: with a memory limit below its size the kernel ends the process. */
function fillCache(megabytes: number): Buffer[] {
	return Array.from({length: megabytes}, () => Buffer.alloc(1024 * 1024, 1));
}

function serve(): void {
	const port = ports[role];
	if (!port) return;
	createServer((_request, response) => response.end(JSON.stringify({role, status: 'ok'}))).listen(port, '0.0.0.0');
}

async function start(): Promise<void> {
	// Settings of its own, which nobody else can get wrong.
	if (process.env.SETTINGS_FILE) JSON.parse(readFileSync(process.env.SETTINGS_FILE, 'utf8'));
	const cache = fillCache(Number(process.env.CACHE_MEGABYTES ?? 0));
	if (role !== 'web') await openDatabase(role, giveUp);
	await openCache(process.env, giveUp);
	serve();
	console.log(`${role} is ready${cache.length > 0 ? `, ${cache.length} MB cached` : ''}`);
}

process.on('SIGTERM', () => process.exit(0));
start().catch(giveUp);
