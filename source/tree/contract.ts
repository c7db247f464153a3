/**
 * The ids that diagnoses have or will have, by chapter in causal order. Look-alikes may name one before its leaf is written,
 * pasted logs may speak of it, and `explain` knows it then as a cause that this version can't find yet.
 */
export const contract = {
	engine: ['docker-unreachable', 'docker-permission-denied', 'engine-too-old', 'seccomp-blocked'],
	project: [
		'env-variable-missing',
		'env-value-mangled',
		'compose-invalid',
		'image-unavailable',
		'platform-mismatch',
		'port-already-allocated',
	],
	'start-up': [
		'superuser-password-missing',
		'data-dir-not-empty',
		'data-dir-emptied',
		'half-initialised',
		'init-script-failed',
		'init-scripts-skipped',
		'data-dir-permission',
		'data-dir-mode',
		'read-only-filesystem',
		'stale-pid-lock',
		'two-servers-one-volume',
		'socket-missing',
		'config-invalid',
		'version-mismatch',
		'pg18-mount-layout',
		'starting-up',
		'crash-recovery',
		'corruption-wal',
	],
	resources: ['oom-killed', 'killed-not-oom', 'host-memory-pressure', 'disk-full', 'inode-exhausted', 'shm-too-small'],
	network: ['host-not-resolvable', 'connection-refused', 'network-detached'],
	access: [
		'stale-volume-password',
		'client-password-drift',
		'role-missing',
		'role-without-password',
		'role-cannot-login',
		'database-missing',
		'hba-rejects',
		'auth-method-unsupported',
		'wrong-server',
		'exposed-to-internet',
	],
	data: [
		'corruption-page',
		'collation-mismatch',
		'extension-missing',
		'extension-privilege',
		'schema-missing',
		'migration-failed',
		'wraparound',
		'too-many-connections',
		'locks-or-slow',
		'replication-broken',
		'slot-retains-wal',
	],
	services: [
		'redis-auth',
		'redis-misconf',
		'redis-unreachable',
		'redis-aof-corrupt',
		'nginx-upstream-down',
		'nginx-stale-upstream',
		'healthcheck-noise',
		'dependency-unhealthy',
		'app-service-failing',
	],
} as const satisfies Record<string, readonly string[]>;

export const contractIds: readonly string[] = Object.values(contract).flat();

/** The chapter of an id; null for one that the contract does not know. */
export const chapterOf = (id: string): string | null =>
	Object.entries(contract).find(([, ids]) => (ids as readonly string[]).includes(id))?.[0] ?? null;
