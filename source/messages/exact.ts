import type {Message} from '../core/message.ts';

/**
 * Narrower spellings of sentences that stand in the other chapters, for live questions that have to tell two of them apart: a
 * server that runs here speaks English unless it was told otherwise. Pasted logs are weighed by the other chapters alone.
 */
const exact = (id: string, by: Message['by'], says: RegExp): Message => ({id, by, says, speaksFor: {}});

export const exactMessages: readonly Message[] = [
	exact('wrong-ownership', 'postgres', /data directory "[^"]{1,400}" has wrong ownership/),
	exact(
		'own-file-denied',
		'postgres',
		// A role that may not read a file of its client's says something else: these are the server's own files.
		/could not (?:open|access|read|create|stat) (?:the )?(?:server )?(?:configuration |control |lock )?(?:file|directory) "[^"]{0,400}(?:postgresql(?:\.auto)?\.conf|pg_hba\.conf|pg_ident\.conf|PG_VERSION|global\/|pg_wal|pg_xact|postmaster\.pid|pgdata|\/data)[^"]{0,400}": Permission denied/,
	),
	exact(
		'initdb-denied',
		'postgres',
		/initdb: error: could not (?:change permissions of|access|create|open) (?:directory|file) "[^"]{1,400}": (?:Permission denied|Operation not permitted)/,
	),
	exact(
		'chown-refused',
		'entrypoint',
		/chown: (?:changing ownership of )?'?[^']{1,400}'?: (?:Operation not permitted|Permission denied|Invalid argument|Operation not supported)/,
	),
	// The socket's folder is refused to every `user:` and does no harm.
	exact(
		'chmod-refused',
		'entrypoint',
		/chmod: (?:changing permissions of )?'?(?!\/(?:var\/)?run\/)[^']{1,400}'?: (?:Operation not permitted|Permission denied|Operation not supported)/,
	),
	exact(
		'folder-unreadable',
		'entrypoint',
		/(?:find|mkdir): (?:cannot (?:create|open) directory )?['‘][^'’]{1,400}['’]: Permission denied/,
	),
	exact(
		'data-directory-open',
		'postgres',
		/data directory "[^"]{1,400}" has (?:invalid permissions|group or world access)/,
	),
	exact('read-only-file-system', 'postgres', /Read-only file system/),
	exact('pid-file-taken', 'postgres', /lock file "postmaster\.pid" already exists/),
	exact(
		'pid-file-broken',
		'postgres',
		/lock file "postmaster\.pid" is empty|bogus data in lock file "postmaster\.pid"/,
	),
	exact(
		'socket-lock-taken',
		'postgres',
		/(?:bogus data in lock file "\/[^"]{0,400}\.s\.PGSQL\.\d{1,12}\.lock":|lock file "\/[^"]{0,400}\.s\.PGSQL\.\d{1,12}\.lock" (?:already exists|is empty))/,
	),
	exact(
		'socket-lock-refused',
		'postgres',
		/could not create lock file "[^"]{0,400}\.s\.PGSQL\.\d{1,12}\.lock": (?:No such file or directory|Permission denied|Not a directory)/,
	),
	exact('parameter-unknown', 'postgres', /unrecognized configuration parameter "[^"]{1,400}"/),
	exact(
		'parameter-value-refused',
		'postgres',
		/invalid value for parameter "[^"]{1,400}"|is outside the valid range for parameter "[^"]{1,400}"|parameter "[^"]{1,400}" requires a (?:Boolean|numeric|integer) value/,
	),
	exact('settings-syntax', 'postgres', /syntax error in file "[^"]{1,400}" line \d{1,12}, near /),
	exact('settings-contain-errors', 'postgres', /configuration file "[^"]{1,400}" contains errors/),
	exact(
		'settings-file-missing',
		'postgres',
		/could not (?:open|access) (?:the server )?configuration file "[^"]{1,400}": No such file or directory/,
	),
	exact('library-not-found', 'postgres', /could not access file "[^"$]{1,400}": No such file or directory/),
	exact('rules-not-loaded', 'postgres', /could not load \S{0,400}pg_hba\.conf/),
	exact(
		'certificate-not-loaded',
		'postgres',
		/could not (?:load server certificate|access private key|load private key|load root certificate) file "[^"]{1,300}"|private key file "[^"]{1,300}" (?:has group or world access|must be owned by)/,
	),
	exact(
		'settings-contradict',
		'postgres',
		/superuser_reserved_connections \(\d{1,12}\)(?: plus reserved_connections \(\d{1,12}\))? must be less than max_connections|max_wal_senders \(\d{1,12}\) must be less than max_connections/,
	),
	exact(
		'segment-not-resized',
		'postgres',
		/could not resize shared memory segment "\/PostgreSQL\.\d{1,12}" to \d{1,12} bytes: No space left on device/,
	),
	exact(
		'disk-without-room',
		'postgres',
		// What is said about a shared memory segment sounds the same and is another thing.
		/^(?!.{0,400}shared memory segment "\/PostgreSQL).{0,4000}(?:No space left on device|no space left on device|ENOSPC|Disk quota exceeded)/s,
	),
	exact('background-jobs-blocked', 'redis', /Can't initialize Background Jobs/),
];
