import {createHash, randomBytes} from 'node:crypto';
import {link, open, readFile, rename, rm} from 'node:fs/promises';
import {hostname} from 'node:os';
import {join} from 'node:path';
import {say, type Text} from '../core/say.ts';
import {exitCode, Trouble} from '../core/trouble.ts';

/** Who holds a lock. `boot` and `started` tell a process apart from a later one with the same number; null where there is no /proc. */
export type Holder = {
	pid: number;
	host: string;
	boot: string | null;
	started: string | null;
	at: string;
	what: string;
	token: string;
};

export type Lock = {
	/** What was said about an earlier run whose lock was taken over, or null. */
	tookOver: Text | null;
	release(): Promise<void>;
};

/** How to look at processes; replaced in tests. */
export type Processes = {
	host: string;
	boot(): Promise<string | null>;
	/** Start time of a process in clock ticks since boot, or null when it is gone or can't be told. */
	started(pid: number): Promise<string | null>;
	alive(pid: number): boolean;
};

const text = (path: string): Promise<string | null> =>
	readFile(path, 'utf8').then(
		content => content.trim(),
		() => null,
	);

export const processes: Processes = {
	host: hostname(),
	boot: () => text('/proc/sys/kernel/random/boot_id'),
	// Field 22 of /proc/<pid>/stat (proc(5)); the second one, the command, may hold blanks and brackets.
	started: async pid => (await text(`/proc/${pid}/stat`))?.replace(/^.*\)/s, '').trim().split(' ')[19] ?? null,
	alive(pid) {
		try {
			process.kill(pid, 0);
			return true;
		} catch (error) {
			return (error as NodeJS.ErrnoException).code !== 'ESRCH';
		}
	},
};

/** Whether a holder is provably gone. A process on another machine can't be looked at, so its lock stays. */
async function isGone(holder: Holder, look: Processes): Promise<Text | null> {
	if (holder.host !== look.host) return null;
	const boot = await look.boot();
	if (holder.boot !== null && boot !== null && holder.boot !== boot)
		return say(`this machine was restarted after ${holder.at}`, `本机在 ${holder.at} 之后重启过`);
	const gone = say(`process ${holder.pid} does not run any more`, `进程 ${holder.pid} 已不在运行`);
	if (!look.alive(holder.pid)) return gone;
	const started = await look.started(holder.pid);
	return holder.started !== null && started !== null && started !== holder.started ? gone : null;
}

const locked = ({pid, host, at, what}: Holder): Trouble =>
	new Trouble('locked', say('Another run is working on this deployment.', '另一次运行正在处理该部署。'), {
		why: say(`\`${what}\`, process ${pid} on ${host}, since ${at}`, `\`${what}\`，${host} 上的进程 ${pid}，始于 ${at}`),
		next: say('Wait until it has finished, or end it.', '请等待其结束，或将其终止。'),
		exitCode: exitCode.locked,
	});

const parse = (content: string): Holder | null => {
	try {
		return JSON.parse(content) as Holder;
	} catch {
		return null;
	}
};

async function writeHolder(path: string, holder: Holder): Promise<void> {
	const handle = await open(path, 'wx', 0o600);
	try {
		await handle.writeFile(`${JSON.stringify(holder)}\n`);
		await handle.sync();
	} finally {
		await handle.close();
	}
}

/** True when the name was free. The file is whole from the first moment, because it is linked and not written there. */
async function claim(mine: string, name: string): Promise<boolean> {
	try {
		await link(mine, name);
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
		throw error;
	}
}

/**
 * Takes the lock of a deployment. A lock whose holder is provably dead is taken over, by one of those who find it.
 * @throws Trouble with exit code 11 that names the holder
 */
export async function acquireLock(folder: string, what: string, look: Processes = processes): Promise<Lock> {
	const path = join(folder, 'lock');
	const [boot, started] = await Promise.all([look.boot(), look.started(process.pid)]);
	const token = randomBytes(8).toString('hex');
	const holder: Holder = {pid: process.pid, host: look.host, boot, started, at: new Date().toISOString(), what, token};
	const mine = `${path}.${token}`;
	await writeHolder(mine, holder);
	let tookOver: Text | null = null;
	try {
		while (!(await claim(mine, path))) {
			const content = await text(path);
			if (content === null) continue;
			const other = parse(content);
			const why = other ? await isGone(other, look) : null;
			if (!other || !why) throw locked(other ?? {...holder, pid: 0, host: '?', at: '?', what: path});
			// Only one process can take over this very lock: the marker's name is made of what stands in it.
			const marker = `${path}.over-${createHash('sha256').update(content).digest('hex').slice(0, 16)}`;
			if (!(await claim(mine, marker))) {
				const rival = parse((await text(marker)) ?? '');
				if (rival && !(await isGone(rival, look))) throw locked(rival);
				await rm(marker, {force: true});
				continue;
			}
			if ((await text(path)) === content) {
				await rename(marker, path);
				tookOver = say(
					`An earlier run (\`${other.what}\`) ended without giving its lock back: ${why.en}. The lock was taken over.`,
					`之前的一次运行（\`${other.what}\`）未释放锁就结束了：${why.zh}。已接管该锁。`,
				);
				break;
			}
			await rm(marker, {force: true});
		}
	} finally {
		await rm(mine, {force: true});
	}
	return {
		tookOver,
		async release() {
			if (parse((await text(path)) ?? '')?.token === token) await rm(path, {force: true});
		},
	};
}
