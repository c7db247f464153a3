const units: Record<string, number> = {'': 1, b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4};

/** Bytes of a size as Compose takes it: `512m`, `1.5gb`, `2GiB`, `1048576` (go-units, `RAMInBytes`). Null for anything else. */
export function readSize(text: string): number | null {
	const [, number, unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([bkmgt]?)(?:i?b)?\s*$/i.exec(text) ?? [];
	const scale = units[unit.toLowerCase()];
	return number === undefined || scale === undefined ? null : Math.floor(Number(number) * scale);
}

/** A size as a person writes it into a Compose file: `640m`, `2g`, bytes where neither is exact. */
export function writeSize(bytes: number): string {
	for (const unit of ['g', 'm', 'k'] as const) {
		const scale = units[unit] ?? 1;
		if (bytes >= scale && bytes % scale === 0) return `${bytes / scale}${unit}`;
	}
	return `${bytes}b`;
}

export const mebibyte = 1024 ** 2;

/** Up to whole steps of 64 MiB, so that nobody wonders at odd numbers. */
export const roundedUp = (bytes: number, step = 64 * mebibyte): number => Math.ceil(bytes / step) * step;
export const roundedDown = (bytes: number, step = 64 * mebibyte): number => Math.floor(bytes / step) * step;
