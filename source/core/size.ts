/** Bytes as a person reads them: `640 MiB`, `1.5 GiB`. */
export function size(bytes: number): string {
	const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;
	let value = bytes;
	let unit = 0;
	while (value >= 1024 && unit < units.length - 1) {
		value /= 1024;
		unit += 1;
	}
	return `${value >= 10 || unit === 0 ? Math.round(value) : Math.round(value * 10) / 10} ${units[unit]}`;
}
