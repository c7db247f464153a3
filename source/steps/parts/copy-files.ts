import {say} from '../../core/say.ts';
import {size} from '../../core/size.ts';
import type {Report} from '../../core/step.ts';
import type {WriteWorld} from '../../core/write-world.ts';
import {type Mount, runScript} from './data-helper.ts';

/**
 * Shell text that copies what is missing or older, and the owner and mode of the folder itself.
 * @param from, to as words of the shell
 */
export const meteredCopy = (from: string, to: string): string => `
echo "total $(du -sk ${from} | cut -f1)"
(trap 'kill "$nap"; exit 0' TERM; while :; do sleep 2 & nap=$!; wait "$nap"; echo "at $(du -sk ${to} 2>/dev/null | cut -f1)"; done) &
meter=$!
cp -au ${from}/. ${to}/
kill "$meter"
chown "$(stat -c %u:%g ${from})" ${to}
chmod "$(stat -c %a ${from})" ${to}
sync
`;

/**
 * Copies the folder `$1` into `$2`, owners, modes and times included; root keeps them all. What a copy that was broken off has left
 * in `$2` is used: a file counts as copied when its owner, mode, size and time are the same, for `cp` sets them last. Anything else
 * there is made anew, and links always. Whether both are equal byte for byte is for a manifest to say afterwards. Prints `total <KiB>` once and `at <KiB>` while it copies.
 */
export const copyScript = `
kinds() { cd "$1" && find . -mindepth 1 ! -type f ! -type l -exec stat -c '%F %n' {} + && find . -type f -exec stat -c 'f %u %g %a %s %Y %n' {} +; }
if [ -n "$(ls -A "$2")" ]; then
	find "$2" -type l -exec rm {} +
	(kinds "$1") >/tmp/compose-medic.from
	(kinds "$2") >/tmp/compose-medic.to
	awk 'NR == FNR {seen[$0] = 1; next} !($0 in seen)' /tmp/compose-medic.from /tmp/compose-medic.to >/tmp/compose-medic.odd
	if grep -qv '^f [0-9]' /tmp/compose-medic.odd; then find "$2" -mindepth 1 -delete; fi
	sed -n 's/^f [0-9]* [0-9]* [0-9]* [0-9]* [0-9]* //p' /tmp/compose-medic.odd | while IFS= read -r file; do rm -f "$2/$file"; done
fi
${meteredCopy('"$1"', '"$2"')}
`;

const seconds = (ms: number): string => {
	const whole = Math.round(ms / 1000);
	return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
};

/** Tells how far a copy is, from the lines of the script. */
export function copyMeter(report: Report, now: () => number = Date.now): (line: string) => void {
	const started = now();
	let total = 0;
	return line => {
		const [, word, number] = /^(total|at) (\d+)$/.exec(line.trim()) ?? [];
		const bytes = Number(number) * 1024;
		if (word === 'total') total = bytes;
		// Some bytes of a copy are counted otherwise: one that has everything is not "103 %".
		const done = word === 'at' ? Math.min(bytes, total) : 0;
		if (word === undefined || total === 0) return;
		const time = seconds(now() - started);
		report(
			say(`Copied ${size(done)} of ${size(total)} in ${time}`, `已复制 ${size(done)} / ${size(total)}，用时 ${time}`),
			done,
			total,
		);
	};
}

/**
 * Copies the content of one folder into a volume, and goes on where a copy that was broken off had stopped. Ends at once when the
 * run is interrupted.
 * @param request.mounts both sides; the folders are paths inside the helper
 * @throws Trouble `no-space` when the room does not suffice
 */
export async function copyFiles(
	world: WriteWorld,
	request: {image: string; mounts: Mount[]; from: string; to: string; purpose: string},
	report: Report,
): Promise<void> {
	const {from, to, ...helper} = request;
	await runScript(world, {...helper, script: copyScript, words: [from, to], onLine: copyMeter(report)});
}
