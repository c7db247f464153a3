import type {Fix} from '../core/fix.ts';
import {allowLogin} from './allow-login.ts';
import {allowWriting} from './allow-writing.ts';
import {changePassword} from './change-password.ts';
import {changePublishedPort} from './change-published-port.ts';
import {closeExposedPort} from './close-exposed-port.ts';
import {connectNetwork} from './connect-network.ts';
import {createDatabase} from './create-database.ts';
import {createExtension} from './create-extension.ts';
import {createRole} from './create-role.ts';
import {dropSlot} from './drop-slot.ts';
import {fixEnvFile} from './fix-env-file.ts';
import {fixMode} from './fix-mode.ts';
import {fixOwnership} from './fix-ownership.ts';
import {freeDiskSpace} from './free-disk-space.ts';
import {grantSchema} from './grant-schema.ts';
import {lowerMemoryUse} from './lower-memory-use.ts';
import {moveToNamedVolume} from './move-to-named-volume.ts';
import {pinImageVersion} from './pin-image-version.ts';
import {pointToService} from './point-to-service.ts';
import {raiseMaxConnections} from './raise-max-connections.ts';
import {raiseMemoryLimit} from './raise-memory-limit.ts';
import {recreateService} from './recreate-service.ts';
import {refreshCollation} from './refresh-collation.ts';
import {reloadProxy} from './reload-proxy.ts';
import {removeStalePid} from './remove-stale-pid.ts';
import {repairConfig} from './repair-config.ts';
import {repairHba} from './repair-hba.ts';
import {resetVolume} from './reset-volume.ts';
import {restartService} from './restart-service.ts';
import {restoreBackup} from './restore-backup.ts';
import {setShmSize} from './set-shm-size.ts';
import {startService} from './start-service.ts';
import {syncClientPassword} from './sync-client-password.ts';
import {takeSnapshot} from './take-snapshot.ts';
import {terminateBlockers} from './terminate-blockers.ts';
import {terminateIdle} from './terminate-idle.ts';
import {upgradeMajor} from './upgrade-major.ts';
import {useStoredPassword} from './use-stored-password.ts';
import {vacuumFreeze} from './vacuum-freeze.ts';
import {waitUntilReady} from './wait-until-ready.ts';

/** Every fix there is. A guard test compares this list with the folder. */
export const fixes: readonly Fix[] = [
	changePassword,
	useStoredPassword,
	syncClientPassword,
	resetVolume,
	createRole,
	allowLogin,
	createDatabase,
	createExtension,
	grantSchema,
	repairHba,
	fixEnvFile,
	pointToService,
	connectNetwork,
	terminateIdle,
	raiseMaxConnections,
	terminateBlockers,
	dropSlot,
	vacuumFreeze,
	refreshCollation,
	reloadProxy,
	raiseMemoryLimit,
	lowerMemoryUse,
	setShmSize,
	changePublishedPort,
	closeExposedPort,
	pinImageVersion,
	repairConfig,
	allowWriting,
	removeStalePid,
	fixMode,
	fixOwnership,
	moveToNamedVolume,
	upgradeMajor,
	restoreBackup,
	freeDiskSpace,
	waitUntilReady,
	startService,
	restartService,
	recreateService,
	// No diagnosis offers it: `compose-medic snapshot` takes it.
	takeSnapshot,
];

/** @returns null for an unknown id */
export const fixNamed = (id: string): Fix | null => fixes.find(one => one.id === id) ?? null;
