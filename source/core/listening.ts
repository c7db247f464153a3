/** A TCP port that somebody listens on inside a container. */
export type Listening = {port: number /** Only programs of the same container reach it. */; loopback: boolean};

const listen = '0A';

/** An address as the kernel prints it: four bytes in host order, or four such groups. */
const isLoopback = (address: string): boolean =>
	address.length === 8
		? address.endsWith('7F')
		: address === '00000000000000000000000001000000' || /^0{16}FFFF0000[0-9A-F]{6}7F$/.test(address);

/** Reads `/proc/net/tcp` and `/proc/net/tcp6` (Linux' proc(5)), one after the other. */
export function readListening(text: string): Listening[] {
	const found = new Map<number, Listening>();
	for (const line of text.split('\n')) {
		const [, address = '', port = '', state] =
			/^\s*\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) \S+ ([0-9A-F]{2}) /i.exec(line) ?? [];
		if (state?.toUpperCase() !== listen) continue;
		const number = Number.parseInt(port, 16);
		const loopback = isLoopback(address.toUpperCase()) && (found.get(number)?.loopback ?? true);
		found.set(number, {port: number, loopback});
	}
	return [...found.values()].sort((a, b) => a.port - b.port);
}
