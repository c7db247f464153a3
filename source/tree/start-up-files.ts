import type {See} from '../core/probe.ts';
import {say} from '../core/say.ts';
import {asking, chapter, leaf, nothing} from '../core/walk.ts';
import {configInvalid} from '../diagnoses/config-invalid.ts';
import {dataDirMode} from '../diagnoses/data-dir-mode.ts';
import {dataDirPermission} from '../diagnoses/data-dir-permission.ts';
import {readOnlyFilesystem} from '../diagnoses/read-only-filesystem.ts';
import {socketMissing} from '../diagnoses/socket-missing.ts';
import {stalePidLock} from '../diagnoses/stale-pid-lock.ts';
import {isDown} from '../probes/ailing.ts';
import {dataDirectory} from '../probes/data-directory.ts';
import {dataOwner} from '../probes/data-owner.ts';
import {leftLocks} from '../probes/lock-looks.ts';
import {canLook, type DatabaseScope, databases, isExternal} from '../probes/looks.ts';
import {settingTrouble} from '../probes/setting-trouble.ts';
import {saidAtStart} from '../probes/start-looks.ts';

const ask = asking<DatabaseScope>();

type Answer =
	| 'read-only'
	| 'lock-left-over'
	| 'lock-in-use'
	| 'no-socket-folder'
	| 'bad-setting'
	| 'too-open'
	| 'not-its-own'
	| 'something-else';

const deniedWords = ['wrong-ownership', 'initdb-denied', 'own-file-denied', 'folder-unreadable'];

/**
 * The server's user against the owner of its files. Words decide where they are the server's own; a refused `chown` or `chmod`
 * alone is printed by servers that start well, so it counts only beside files that belong to somebody else.
 */
function isDenied(see: See, database: string): boolean {
	if (deniedWords.some(message => saidAtStart(see, database, message))) return true;
	const {directory, files, runsAs, handsOver} = see(dataOwner, database);
	if (runsAs.uid === null) return false;
	const foreign = [directory, ...files].some(found => found && found.uid !== runsAs.uid);
	return foreign && (!handsOver || saidAtStart(see, database, 'chown-refused') !== null);
}

/** The server's last words first: each of them ends a start, so that only one can be true. Then its files, for one that says nothing. */
function stopsIt(see: See, {database}: DatabaseScope): Answer {
	const says = (message: string): boolean => saidAtStart(see, database, message) !== null;
	if (says('pid-file-broken') || says('pid-file-taken') || says('socket-lock-taken'))
		return see(dataDirectory, database).sharedWith.length === 0 && leftLocks(see, database).length > 0
			? 'lock-left-over'
			: 'lock-in-use';
	if (says('socket-lock-refused')) return 'no-socket-folder';
	if (says('data-directory-open')) return 'too-open';
	// Settings are read first; after them the server would not have got as far as a file that it can't write.
	if (settingTrouble(see, database)) return 'bad-setting';
	if (says('read-only-file-system')) return 'read-only';
	return isDenied(see, database) ? 'not-its-own' : 'something-else';
}

export const startUpFiles = chapter<DatabaseScope>(
	{
		id: 'start-up',
		title: say('Start-up of the database', '数据库的启动'),
		each: see =>
			!isExternal(see) && canLook(see)
				? databases(see).flatMap(database => (isDown(see, database) ? [{subject: database, database}] : []))
				: [],
	},
	ask(
		({database}) =>
			say(`Can ${database} read, write and understand its files?`, `${database} 能读取、写入并理解自己的文件吗？`),
		stopsIt,
		{
			'read-only': leaf(readOnlyFilesystem),
			'lock-left-over': leaf(stalePidLock),
			'lock-in-use': nothing,
			'no-socket-folder': leaf(socketMissing),
			'bad-setting': leaf(configInvalid),
			'too-open': leaf(dataDirMode),
			'not-its-own': leaf(dataDirPermission),
			'something-else': nothing,
		},
	),
);
