/**
 * POSIX shell that tries on a folder of its own, inside `$1`, whether a mount keeps what it is told. `$2` names the folder, `$3` is
 * `uid:gid`. Prints one word: `refuses-modes`, `refuses-owners` or `keeps`. Mounts without owners (NTFS, CIFS, 9p) either refuse
 * or, worse, agree and keep nothing: so the answer is what stands there afterwards. One that
 * shuts even root out, as NFS with `root_squash` does, lets it change no owner either.
 */
export const mountTrialScript = `
cd "$1" 2>/dev/null || { echo refuses-owners; exit 0; }
rm -rf "./$2"
made=$(mkdir "./$2" 2>&1) || case "$made" in
	*"ermission denied"* | *"not permitted"*) echo refuses-owners; exit 0 ;;
	*) echo "$made" >&2; exit 1 ;;
esac
trap 'rm -rf "./$2"' EXIT
for mode in 750 700; do
	chmod "$mode" "./$2" 2>/dev/null || :
	if [ "$(stat -c %a "./$2")" != "$mode" ]; then echo refuses-modes; exit 0; fi
done
for owner in 1:1 "$3"; do
	chown "$owner" "./$2" 2>/dev/null || :
	if [ "$(stat -c %u:%g "./$2")" != "$owner" ]; then echo refuses-owners; exit 0; fi
done
echo keeps
`;

export type MountTrial = 'refuses-modes' | 'refuses-owners' | 'keeps';

/** Name of the folder of a run. Everything of this prefix is left out of manifests. */
export const trialFolder = (id: string): string => `.compose-medic-try-${id}`;
