const steps = [
	['GiB', 1024 ** 3],
	['MiB', 1024 ** 2],
	['KiB', 1024],
] as const;

/** A number of bytes as people say it: `64 MiB`, `1.5 GiB`, `0 B`. */
export function amount(bytes: number): string {
	for (const [unit, size] of steps) if (bytes >= size) return `${Math.round((bytes / size) * 10) / 10} ${unit}`;
	return `${bytes} B`;
}

/** Permission bits as `chmod` takes them: `0700`. */
export const octal = (mode: number): string => mode.toString(8).padStart(4, '0');
