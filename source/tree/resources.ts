import {ifKnown} from '../core/if-known.ts';
import type {See} from '../core/probe.ts';
import {say} from '../core/say.ts';
import {all, asking, chapter, leaf, nothing} from '../core/walk.ts';
import {diskFull, type SpaceScope} from '../diagnoses/disk-full.ts';
import {hostMemoryPressure} from '../diagnoses/host-memory-pressure.ts';
import {inodeExhausted} from '../diagnoses/inode-exhausted.ts';
import {killedNotOom} from '../diagnoses/killed-not-oom.ts';
import {type KilledScope, oomKilled} from '../diagnoses/oom-killed.ts';
import {shmTooSmall} from '../diagnoses/shm-too-small.ts';
import {isAiling} from '../probes/ailing.ts';
import {isMachineShort, killedChild, killerOf} from '../probes/ended.ts';
import {fullFileSystem} from '../probes/full.ts';
import {
	canLook,
	type DatabaseScope,
	databases,
	isExternal,
	isRunning,
	said,
	serviceNamed,
	services,
} from '../probes/looks.ts';
import {memoryUse} from '../probes/memory-use.ts';

const killedCode = 137;

/** Main processes that ended by signal 9. Between two kills of a crash loop the container runs, and only the mark of the last one is left. */
const ended = (see: See): KilledScope[] =>
	services(see).flatMap(({service, status, exitCode, restartCount, oomKilled}) =>
		(exitCode === killedCode && status !== 'running') || (oomKilled && restartCount > 0 && isAiling(see, service))
			? [{subject: service}]
			: [],
	);

const runningDatabases = (see: See): DatabaseScope[] =>
	!isExternal(see) && canLook(see)
		? databases(see).flatMap(database => (isRunning(see, database) ? [{subject: database, database}] : []))
		: [];

/**
 * `OOMKilled` alone stays true after a later clean exit on older engines; together with 137 of a stopped container it speaks of
 * the last run. Who did it otherwise is for the engine and the kernel to say.
 */
function whoEnded(see: See, {subject}: KilledScope): 'limit' | 'machine' | 'somebody' | 'program' {
	const service = serviceNamed(see, subject);
	if (service?.oomKilled) return service.memoryLimit > 0 ? 'limit' : 'machine';
	const by = ifKnown(() => killerOf(see, subject));
	// The kernel's own kills do not go through the engine.
	if (by !== 'kill' && by !== 'stop-timeout' && ifKnown(() => isMachineShort(see, subject))) return 'machine';
	// A program may give 137 as its own exit code, or be stopped from within: then nobody outside did it.
	return by === 'inside' && service?.status === 'restarting' ? 'program' : 'somebody';
}

/** The kernel's counter of the container decides: the server sees only that one of its processes is gone. */
function whoKilledChild(see: See, {subject}: KilledScope): 'limit' | 'machine' | 'somebody' | 'nobody' {
	if (!killedChild(see, subject)) return 'nobody';
	const {containerKills} = see(memoryUse, subject);
	const limited = (serviceNamed(see, subject)?.memoryLimit ?? 0) > 0;
	if (containerKills !== null && containerKills > 0) return limited ? 'limit' : 'machine';
	if (isMachineShort(see, subject)) return 'machine';
	return containerKills === null && limited ? 'limit' : 'somebody';
}

const killed = asking<KilledScope>();
const id = 'resources';
const title = say('Resources: memory, disks, shared memory', '资源：内存、磁盘与共享内存');

const endings = chapter<KilledScope>(
	{id, title, each: ended},
	killed(({subject}) => say(`Who ended ${subject}?`, `${subject} 是被谁终止的？`), whoEnded, {
		limit: leaf(oomKilled),
		machine: leaf(hostMemoryPressure),
		somebody: leaf(killedNotOom),
		program: nothing,
	}),
);

const children = chapter<KilledScope>(
	{
		id,
		title,
		each: see => runningDatabases(see).map(({database}) => ({subject: database, child: true})),
	},
	killed(
		({subject}) => say(`Was a process of ${subject} killed lately?`, `${subject} 近来有进程被强制终止吗？`),
		whoKilledChild,
		{limit: leaf(oomKilled), machine: leaf(hostMemoryPressure), somebody: leaf(killedNotOom), nobody: nothing},
	),
);

/** Every database, since a full disk fails single statements while all looks well; other services when they are ill. */
const writers = (see: See): SpaceScope[] =>
	services(see).flatMap(({service, role, startedAt, error}) =>
		(startedAt && (role === 'database' || isAiling(see, service))) || /no space left/i.test(error)
			? [{subject: service}]
			: [],
	);

const space = chapter<SpaceScope>(
	{id, title, each: writers},
	asking<SpaceScope>()(
		({subject}) => say(`Did ${subject} run out of room on a disk?`, `${subject} 的磁盘空间用完了吗？`),
		(see, {subject}) => {
			const full = fullFileSystem(see, subject);
			return full === null ? 'room-left' : full.what === 'files' ? 'no-files' : 'no-room';
		},
		{'room-left': nothing, 'no-room': leaf(diskFull), 'no-files': leaf(inodeExhausted)},
	),
);

const sharedMemory = chapter<DatabaseScope>(
	{id, title, each: runningDatabases},
	all(
		asking<DatabaseScope>()(
			({database}) => say(`Is the shared memory of ${database} big enough?`, `${database} 的共享内存够用吗？`),
			(see, {database}) => (said(see, database, 'segment-not-resized') ? 'no' : 'yes'),
			{no: leaf(shmTooSmall), yes: nothing},
		),
	),
);

export const resources = [endings, children, space, sharedMemory] as const;
