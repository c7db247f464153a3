/** Holds the process that replays the log, as a disk that has become very slow would. */
export const holdRecovery = `
while :; do
	for process in /proc/[0-9]*; do
		if tr '\\0' ' ' <"$process/cmdline" 2>/dev/null | grep -q '^postgres: startup'; then
			kill -STOP "\${process#/proc/}" && exit
		fi
	done
done`;
