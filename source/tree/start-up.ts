import {ifKnown} from '../core/if-known.ts';
import type {See} from '../core/probe.ts';
import {say} from '../core/say.ts';
import {all, asking, chapter, leaf, nothing} from '../core/walk.ts';
import {corruptionWal} from '../diagnoses/corruption-wal.ts';
import {crashRecovery} from '../diagnoses/crash-recovery.ts';
import {dataDirEmptied} from '../diagnoses/data-dir-emptied.ts';
import {dataDirNotEmpty} from '../diagnoses/data-dir-not-empty.ts';
import {halfInitialised} from '../diagnoses/half-initialised.ts';
import {initScriptFailed} from '../diagnoses/init-script-failed.ts';
import {initScriptsSkipped} from '../diagnoses/init-scripts-skipped.ts';
import {pg18MountLayout} from '../diagnoses/pg18-mount-layout.ts';
import {startingUp} from '../diagnoses/starting-up.ts';
import {superuserPasswordMissing} from '../diagnoses/superuser-password-missing.ts';
import {twoServersOneVolume} from '../diagnoses/two-servers-one-volume.ts';
import {versionMismatch} from '../diagnoses/version-mismatch.ts';
import {dataDirectory} from '../probes/data-directory.ts';
import {databaseReadiness} from '../probes/database-readiness.ts';
import {deploymentState} from '../probes/deployment-state.ts';
import {firstStart} from '../probes/first-start.ts';
import {canLook, type DatabaseScope, databases, isExternal, said, serviceNamed} from '../probes/looks.ts';
import {serviceLog} from '../probes/service-log.ts';
import {
	bootstrapBroke,
	controlFileLost,
	firstStartGap,
	leftBehind,
	needsPassword,
	oldLayout,
	rivals,
	saidAtStart,
	toldBefore,
} from '../probes/start-looks.ts';

const ask = asking<DatabaseScope>();

/** What keeps a server from starting, in the order in which it is looked for at every start: by the entrypoint, then by the server. */
function obstacle(see: See, database: string) {
	if (needsPassword(see, database)) return 'no-superuser-password';
	if (oldLayout(see, database) || saidAtStart(see, database, 'layout-of-eighteen')) return 'layout-of-18';
	const {majorVersion, imageMajor, entries} = see(dataDirectory, database);
	const other = majorVersion !== null && imageMajor !== null && majorVersion !== imageMajor;
	if (other || saidAtStart(see, database, 'data-of-another-version')) return 'other-version';
	if (majorVersion === null) return entries.length > 0 ? 'not-empty' : 'something-else';
	// Where the files can't be read the log still speaks.
	if (ifKnown(() => controlFileLost(see, database))) return 'log-broken';
	if (ifKnown(() => bootstrapBroke(see, database))) return 'half-made';
	if (saidAtStart(see, database, 'checkpoint-not-found') || saidAtStart(see, database, 'control-file-broken'))
		return 'log-broken';
	const first = ifKnown(() => see(firstStart, database));
	if (first?.seen && first.finished === false) return first.script ? 'script-failed' : 'half-made';
	return 'something-else';
}

/** What else its files and its log tell of a server that does not run is asked in `start-up-files.ts`. */
const whatKeepsIt = ask(
	say('What keeps it from starting?', '是什么使它无法启动？'),
	(see, {database}) => obstacle(see, database),
	{
		'no-superuser-password': leaf(superuserPasswordMissing),
		'layout-of-18': leaf(pg18MountLayout),
		'other-version': leaf(versionMismatch),
		'not-empty': leaf(dataDirNotEmpty),
		'half-made': leaf(halfInitialised),
		'script-failed': leaf(initScriptFailed),
		'log-broken': leaf(corruptionWal),
		'something-else': nothing,
	},
);

/** Runs between two crashes are short, however long the engine waits between them. */
const shortRun = 10_000;

const isYoung = (see: See, startedAt: string | null): boolean =>
	startedAt !== null && Date.parse(see(deploymentState).observedAt) - Date.parse(startedAt) < shortRun;

/** What parts one run from the next in a log: the server's last line, and the entrypoint's word about data that it finds. */
const betweenRuns = /^database system is shut down|Skipping initialization/;

/** The run that has just ended never came up, and said why. Of quick crashes the log shows the good run before them, too. */
function fellAtStart(see: See, database: string): boolean {
	const {lastWords = []} = see(serviceLog, database);
	const ready = lastWords.findLastIndex(({text}) => text.includes('database system is ready to accept connections'));
	const since = lastWords.slice(ready + 1);
	const next = ready < 0 ? 0 : since.findIndex(({text}) => betweenRuns.test(text));
	return next >= 0 && since.slice(next).some(({severity}) => ['FATAL', 'PANIC', 'error'].includes(severity));
}

/** A crash loop shows `running` between two crashes: then the reason of the last one counts, if there is one. */
const keepsFalling = (see: See, database: string): boolean => {
	const service = serviceNamed(see, database);
	return (
		service?.status === 'running' &&
		service.restartCount > 0 &&
		isYoung(see, service.startedAt) &&
		(needsPassword(see, database) ||
			// Where it fell while it was asked, nothing is known, and its last words count all the same.
			(ifKnown(() => see(databaseReadiness, database))?.state !== 'accepting' &&
				(obstacle(see, database) !== 'something-else' || fellAtStart(see, database))))
	);
};

const firstStartDone = ask(
	say('Did its first start make all that is asked of it?', '首次启动是否创建了所需的一切？'),
	(see, {database}) => {
		const gap = firstStartGap(see, database);
		if (gap === null) return 'complete';
		return gap.kind === 'script-failed' || gap.kind === 'scripts-skipped' ? gap.kind : 'half-made';
	},
	{
		complete: nothing,
		'half-made': leaf(halfInitialised),
		'script-failed': leaf(initScriptFailed),
		'scripts-skipped': leaf(initScriptsSkipped),
	},
);

const olderData = ask(
	say('Does older data of this deployment lie unused?', '是否有本部署更早的数据闲置未用？'),
	(see, {database}) => (!isExternal(see) && leftBehind(see, database).length > 0 ? 'left-behind' : 'no'),
	{'left-behind': leaf(dataDirEmptied), no: nothing},
);

const ready = ask(
	({database}) =>
		say(`Does ${database || 'it'} accept connections over TCP?`, `${database || '它'} 通过 TCP 接受连接吗？`),
	(see, {database}) => {
		const readiness = see(databaseReadiness, database);
		// A server without its system tables comes up, falls over its first process, and comes up again, for ever.
		if (
			database !== '' &&
			readiness.state === 'rejecting' &&
			said(see, database, 'map-file-missing') &&
			bootstrapBroke(see, database)
		)
			return 'half-made';
		switch (readiness.state) {
			case 'accepting':
				return 'accepting';
			case 'rejecting':
				if (readiness.phase === 'stopping') return 'stopping';
				// A standby replays for ever, and an external server keeps its log to itself.
				return readiness.phase === 'recovery' && database !== '' && said(see, database, 'not-properly-shut-down')
					? 'recovering'
					: 'starting';
			case 'no-answer':
				return ['initdb', 'init-scripts', 'starting'].includes(readiness.phase) ? 'starting' : 'not-listening';
			case 'down':
				return 'stopping';
		}
	},
	{
		accepting: all(olderData, firstStartDone),
		starting: leaf(startingUp),
		recovering: leaf(crashRecovery),
		'half-made': leaf(halfInitialised),
		stopping: nothing,
		'not-listening': nothing,
	},
);

const start = ask(
	({database}) => say(`Does ${database || 'the database'} run?`, `${database || '数据库'} 在运行吗？`),
	(see, {database}) => {
		if (isExternal(see)) return 'running';
		const service = serviceNamed(see, database);
		if (!service || service.status === 'missing') return 'missing';
		return service.status === 'running' && !keepsFalling(see, database) ? 'running' : 'stopped';
	},
	{missing: nothing, running: ready, stopped: whatKeepsIt},
);

const title = say('Start-up of the database', '数据库的启动');
const each = (see: See): DatabaseScope[] =>
	canLook(see) ? databases(see).map(database => ({subject: database || null, database})) : [];

/** Asked before anything else: it is running and silent, and every other answer is worth nothing while it lasts. */
const sharedData = chapter<DatabaseScope>(
	{id: 'start-up', title, each: see => (isExternal(see) ? [] : each(see))},
	ask(
		({database}) =>
			say(
				`Does another running server work on the files of ${database}?`,
				`有另一个运行中的服务器在使用 ${database} 的文件吗？`,
			),
		(see, {database}) => {
			if (rivals(see, database).length === 0) return 'alone';
			return toldBefore(see, database) ? 'told-before' : 'shared';
		},
		{alone: nothing, shared: leaf(twoServersOneVolume), 'told-before': nothing},
	),
);

const starting = chapter<DatabaseScope>(
	{
		id: 'start-up',
		title,
		each,
		unless: (see, {database}) =>
			(ifKnown(() => rivals(see, database)) ?? []).length > 0
				? say(`two servers work on the files of ${database}`, `有两个服务器在使用 ${database} 的文件`)
				: null,
	},
	start,
);

export const startUp = [sharedData, starting] as const;
