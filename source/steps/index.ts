import type {Step} from '../core/step.ts';
import {allowLogin} from './allow-login.ts';
import {alterSystem} from './alter-system.ts';
import {changeOwners} from './change-owners.ts';
import {checkEarlierData} from './check-earlier-data.ts';
import {checkUpgrade} from './check-upgrade.ts';
import {connectNetwork} from './connect-network.ts';
import {copyData} from './copy-data.ts';
import {copyKeptData} from './copy-kept-data.ts';
import {copyToVolume} from './copy-to-volume.ts';
import {createDatabase} from './create-database.ts';
import {createExtension} from './create-extension.ts';
import {createRole} from './create-role.ts';
import {declareVolume} from './declare-volume.ts';
import {dropMovedVolume} from './drop-moved-volume.ts';
import {dropSlot} from './drop-slot.ts';
import {editComposeFile} from './edit-compose-file.ts';
import {editComposeService} from './edit-compose-service.ts';
import {editEnvFile} from './edit-env-file.ts';
import {editHba} from './edit-hba.ts';
import {editSecretFile} from './edit-secret-file.ts';
import {editSettingsFile} from './edit-settings-file.ts';
import {emptyDataDirectory} from './empty-data-directory.ts';
import {endBlocker} from './end-blocker.ts';
import {endSessions} from './end-sessions.ts';
import {grantAccess} from './grant-access.ts';
import {grantSchema} from './grant-schema.ts';
import {guardHba} from './guard-hba.ts';
import {limitMemory} from './limit-memory.ts';
import {measureData} from './measure-data.ts';
import {moveToMajor} from './move-to-major.ts';
import {pointPgdata} from './point-pgdata.ts';
import {provePassword} from './prove-password.ts';
import {proveSnapshot} from './prove-snapshot.ts';
import {proveUnused} from './prove-unused.ts';
import {proveVolume} from './prove-volume.ts';
import {proveWrites} from './prove-writes.ts';
import {pullImage} from './pull-image.ts';
import {putRowsAside} from './put-rows-aside.ts';
import {putSettingAside} from './put-setting-aside.ts';
import {recreateService} from './recreate-service.ts';
import {refreshCollation} from './refresh-collation.ts';
import {reindexCollation} from './reindex-collation.ts';
import {reloadProxy} from './reload-proxy.ts';
import {remountData} from './remount-data.ts';
import {removeBuildCache} from './remove-build-cache.ts';
import {removeImages} from './remove-images.ts';
import {removeOldLogs} from './remove-old-logs.ts';
import {restartService} from './restart-service.ts';
import {returnServices} from './return-services.ts';
import {saveEvidence} from './save-evidence.ts';
import {setDataMode} from './set-data-mode.ts';
import {setLockAside} from './set-lock-aside.ts';
import {setRolePassword} from './set-role-password.ts';
import {startDatabase} from './start-database.ts';
import {startService} from './start-service.ts';
import {stopDatabase} from './stop-database.ts';
import {stopService} from './stop-service.ts';
import {swapDataDirectory} from './swap-data-directory.ts';
import {tryMount} from './try-mount.ts';
import {vacuumFreeze} from './vacuum-freeze.ts';
import {waitUntilReady} from './wait-until-ready.ts';

/** A step as the engine handles it: its input and `before` came out of a plan or a journal. */
export type AnyStep = Step<Record<string, unknown>, Record<string, unknown>>;

// The one place where a step's own types are forgotten: what a journal holds is JSON, and only the step knows its shape.
const listed = <I, B>(definition: Step<I, B>): readonly [string, AnyStep] => [
	definition.id,
	definition as unknown as AnyStep,
];

/** Every kind of change there is, by id. */
export const steps: Readonly<Record<string, AnyStep>> = Object.fromEntries([
	listed(allowLogin),
	listed(alterSystem),
	listed(swapDataDirectory),
	listed(stopDatabase),
	listed(startDatabase),
	listed(provePassword),
	listed(proveSnapshot),
	listed(proveUnused),
	listed(setDataMode),
	listed(setLockAside),
	listed(changeOwners),
	listed(copyToVolume),
	listed(proveVolume),
	listed(declareVolume),
	listed(dropMovedVolume),
	listed(tryMount),
	listed(guardHba),
	listed(limitMemory),
	listed(pullImage),
	listed(putSettingAside),
	listed(measureData),
	listed(emptyDataDirectory),
	listed(editHba),
	listed(copyData),
	listed(createDatabase),
	listed(createExtension),
	listed(createRole),
	listed(dropSlot),
	listed(endBlocker),
	listed(endSessions),
	listed(grantAccess),
	listed(grantSchema),
	listed(setRolePassword),
	listed(checkEarlierData),
	listed(copyKeptData),
	listed(checkUpgrade),
	listed(moveToMajor),
	listed(remountData),
	listed(pointPgdata),
	listed(connectNetwork),
	listed(editComposeFile),
	listed(editComposeService),
	listed(editEnvFile),
	listed(editSecretFile),
	listed(editSettingsFile),
	listed(recreateService),
	listed(refreshCollation),
	listed(reindexCollation),
	listed(reloadProxy),
	listed(restartService),
	listed(returnServices),
	listed(saveEvidence),
	listed(startService),
	listed(stopService),
	listed(vacuumFreeze),
	listed(removeImages),
	listed(removeBuildCache),
	listed(removeOldLogs),
	listed(proveWrites),
	listed(putRowsAside),
	listed(waitUntilReady),
]);
