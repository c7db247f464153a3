import {expect, test} from 'vitest';
import {readMemory} from '../../source/probes/memory-use.ts';

const machine = 'MemTotal:        2048000 kB\nMemFree:  1 kB\nMemAvailable:     102400 kB\n';

test('the control group’s counter, in either version, belongs to the container that was asked', () => {
	const first = `${machine}machine_oom_kill 3\noom_kill_disable 0\nunder_oom 0\noom_kill 1\nown_use 4096\nown_peak 8192\n`;
	expect(readMemory(first, true)).toEqual({
		machine: {total: 2048000 * 1024, available: 102400 * 1024},
		machineKills: 3,
		containerKills: 1,
		containerUse: 4096,
		containerPeak: 8192,
	});
	const second = `${machine}machine_oom_kill 3\nlow 0\nhigh 0\nmax 9\noom 2\noom_kill 2\noom_group_kill 0\n`;
	expect(readMemory(second, true)?.containerKills).toBe(2);
	expect(readMemory(second, false)?.containerKills).toBeNull();
	// The neighbour that was asked in place of a stopped container says nothing of that one.
	expect(readMemory(first, false)).toMatchObject({containerUse: null, containerPeak: null});
});

test('a kernel that counts nothing says nothing', () => {
	expect(readMemory(machine, true)).toMatchObject({machineKills: null, containerKills: null});
	expect(readMemory('', true)).toBeNull();
});
