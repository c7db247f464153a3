const groupWrite = 0o020;
const groupRead = 0o040;
const others = 0o007;

/** PostgreSQL takes 0700 and 0750 (miscinit.c, `checkDataDir`). */
export const isTooOpen = (mode: number): boolean => (mode & (groupWrite | others)) !== 0;

/** `initdb --allow-group-access` came with version 11; before that the server takes 0700 only. */
const withGroupAccess = 11;

/**
 * The mode that a data directory has by right: what initdb gave it. With group access it wrote its files readable for the group, and
 * nothing changes the mode of `PG_VERSION` afterwards.
 * @param majorVersion of the data, as `PG_VERSION` has it
 * @param versionFile mode of `PG_VERSION`; null when it is not known
 */
export const rightMode = (majorVersion: string | null, versionFile: number | null): 0o700 | 0o750 =>
	Number(majorVersion ?? 0) >= withGroupAccess && versionFile !== null && isGroupOnly(versionFile) ? 0o750 : 0o700;

/** Readable for the group, and for nobody beyond it: a file that is open to all tells nothing of what initdb was told. */
const isGroupOnly = (mode: number): boolean => (mode & groupRead) !== 0 && !isTooOpen(mode);
