import {execFileSync} from 'node:child_process';
import type {Cure} from './cure.ts';

const docker = (...words: string[]): string =>
	execFileSync('docker', words, {encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe']});

/** The lab holds the startup process; this lets it go on. */
const letRecoveryGoOn = (project: string): void => {
	const script =
		'for p in /proc/[0-9]*; do grep -q "^postgres: startup" "$p/cmdline" 2>/dev/null && kill -CONT "${p#/proc/}"; done; true';
	docker('exec', `${project}-db-1`, 'sh', '-c', script);
};

export const accessCures: Cure[] = [
	{fault: 'stale-volume-password', fix: 'stale-volume-password'},
	{
		fault: 'stale-volume-password',
		fix: 'use-stored-password',
		settings: ['--set', 'password=-'],
		stdin: secrets => `${secrets['database']}\n`,
		killOnDemand: 1,
	},
	{fault: 'client-password-drift', fix: 'sync-client-password', kill: 1},
	{fault: 'role-missing', fix: 'create-role', killOnDemand: 1},
	{fault: 'role-without-password', fix: 'role-without-password'},
	{fault: 'role-cannot-login', fix: 'allow-login', killOnDemand: 1},
	{fault: 'database-missing', fix: 'create-database', killOnDemand: 1},
	{fault: 'hba-rejects', fix: 'repair-hba', killOnDemand: 1},
	{fault: 'hba-rejects-explicitly', fix: 'hba-rejects'},
	{fault: 'auth-method-unsupported', fix: 'auth-method-unsupported'},
	{fault: 'host-not-resolvable', fix: 'point-to-service', killOnDemand: 1},
	{fault: 'connection-refused', fix: 'connection-refused'},
	{fault: 'network-detached', fix: 'connect-network'},
	// A container made anew is on its networks again; nobody wants the broken one back.
	{fault: 'network-detached', fix: 'recreate-service', nothingToUndo: true},
	{fault: 'wrong-server', fix: 'wrong-server'},
	{fault: 'env-variable-missing', fix: 'fix-env-file', killOnDemand: 1},
	{fault: 'env-value-mangled-dollar', fix: 'fix-env-file'},
	{fault: 'env-value-mangled-dsn', fix: 'fix-env-file'},
	{
		fault: 'port-already-allocated',
		fix: 'start-service',
		prepare: project => void docker('rm', '-f', `${project}-other-site`),
		nothingToUndo: true,
	},
	{fault: 'nginx-stale-upstream', fix: 'nginx-stale-upstream', nothingToUndo: true},
	// Taken back, the service is stopped again; nginx was started anew meanwhile and has met nobody who asked for it.
	{fault: 'nginx-upstream-down', fix: 'nginx-upstream-down', nothingToUndo: true},
	{fault: 'redis-unreachable', fix: 'start-service'},
	{fault: 'starting-up-recovery', fix: 'wait-until-ready', meanwhile: letRecoveryGoOn, nothingToUndo: true},
];
