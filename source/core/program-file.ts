/** What a file that should be started is made for. */
export type ProgramFile =
	/** A program for a processor, by Docker's own name for it. */
	| {kind: 'program'; architecture: string}
	/** Starts with `#!` and names its interpreter. */
	| {kind: 'script'; interpreter: string}
	/** Text without `#!`, or anything else that no kernel starts. */
	| {kind: 'neither'};

/** ELF's machine numbers (elf(5), `e_machine`) by Go's names for architectures, which Docker uses. */
const machines: Record<number, string> = {
	3: '386',
	8: 'mips',
	20: 'ppc',
	21: 'ppc64le',
	22: 's390x',
	40: 'arm',
	62: 'amd64',
	183: 'arm64',
	243: 'riscv64',
	258: 'loong64',
};

const magic = [0x7f, 0x45, 0x4c, 0x46];
const machineAt = 18;
const endianAt = 5;
const bigEndian = 2;

/** Reads the beginning of an executable: its ELF header, or its `#!` line (execve(2)). */
export function readProgram(content: Uint8Array): ProgramFile {
	const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
	if (magic.every((byte, index) => bytes[index] === byte) && bytes.length > machineAt + 1) {
		const machine = bytes[endianAt] === bigEndian ? bytes.readUInt16BE(machineAt) : bytes.readUInt16LE(machineAt);
		return {kind: 'program', architecture: machines[machine] ?? `machine ${machine}`};
	}
	const [line = ''] = bytes.toString('latin1', 0, 256).split('\n');
	return line.startsWith('#!') ? {kind: 'script', interpreter: line.slice(2).trim()} : {kind: 'neither'};
}

/** Docker, Go and `uname -m` call the same processors by different names. */
export const architectureName = (name: string): string =>
	({x86_64: 'amd64', 'x86-64': 'amd64', aarch64: 'arm64', armhf: 'arm', armv7l: 'arm', i386: '386', i686: '386'})[
		name
	] ?? name;

/** Whether a machine runs programs of an architecture by itself: 64-bit machines run their 32-bit relatives. */
export function runs(machine: string, program: string): boolean {
	const [own, other] = [architectureName(machine), architectureName(program)];
	return own === other || (own === 'amd64' && other === '386') || (own === 'arm64' && other === 'arm');
}
