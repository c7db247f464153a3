import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {architectureName, readProgram, runs} from '../../source/core/program-file.ts';

const elf = (machine: number): Buffer => {
	const program = Buffer.alloc(64);
	Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]).copy(program);
	program.writeUInt16LE(machine, 18);
	return program;
};

test('a program tells its processor, this one’s own included', () => {
	expect(readProgram(elf(183))).toEqual({kind: 'program', architecture: 'arm64'});
	expect(readProgram(elf(9999))).toEqual({kind: 'program', architecture: 'machine 9999'});
	if (process.platform === 'linux') {
		const own = readProgram(readFileSync(process.execPath));
		expect(own).toEqual({kind: 'program', architecture: process.arch === 'x64' ? 'amd64' : process.arch});
	}
});

test('a script names its interpreter, and text without one is neither', () => {
	expect(readProgram(Buffer.from('#!/bin/sh -e\nexec x\n'))).toEqual({kind: 'script', interpreter: '/bin/sh -e'});
	expect(readProgram(Buffer.from('exec x\n'))).toEqual({kind: 'neither'});
	expect(readProgram(Buffer.alloc(0))).toEqual({kind: 'neither'});
	expect(readProgram(Buffer.from([0x7f, 0x45, 0x4c, 0x46]))).toEqual({kind: 'neither'});
});

test('names of one processor are one, and 64-bit machines run their 32-bit relatives', () => {
	expect(architectureName('aarch64')).toBe('arm64');
	expect(runs('x86_64', 'amd64')).toBe(true);
	expect(runs('amd64', '386')).toBe(true);
	expect(runs('amd64', 'arm64')).toBe(false);
	expect(runs('386', 'amd64')).toBe(false);
});
