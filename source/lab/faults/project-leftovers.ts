import {join} from 'node:path';
import {say} from '../../core/say.ts';
import {fault} from '../fault.ts';
import {writeDeep} from '../folder.ts';
import {amend} from '../stacks/file.ts';
import {startGeneric, startGenericClients, startGenericDatabase, writeGeneric} from '../stacks/generic.ts';

export const composeInvalid = fault({
	id: 'compose-invalid',
	kind: 'fault',
	stack: 'generic',
	title: say(
		'A misspelt key in the Compose file, while one service is still to be started',
		'Compose 文件里键名拼错，而还有一个服务没有启动',
	),
	expects: [{id: 'compose-invalid'}],
	async provoke(lab) {
		await startGenericDatabase(lab);
		await lab.compose('up', '--detach', 'app');
		await lab.ready('app');
		const text = await lab.read('compose.yaml');
		await lab.write({'compose.yaml': text.replace(/^ {4}depends_on:/m, '    dependson:')});
		await lab.composeMayFail('up', '--detach');
	},
});

export const composeInvalidIndentation = fault({
	id: 'compose-invalid-indentation',
	kind: 'fault',
	stack: 'generic',
	title: say('An indentation that is off, while everything still runs', '缩进写错，而一切仍在运行'),
	expects: [{id: 'compose-invalid'}],
	async provoke(lab) {
		await startGeneric(lab);
		const text = await lab.read('compose.yaml');
		await lab.write({'compose.yaml': text.replace(/^ {4}image: postgres/m, '     image: postgres')});
	},
});

export const imageUnavailable = fault({
	id: 'image-unavailable',
	kind: 'fault',
	stack: 'generic',
	title: say('A tag that no registry has', '没有任何仓库有的标签'),
	expects: [{id: 'image-unavailable', service: 'worker'}],
	async provoke(lab) {
		await startGenericDatabase(lab, {
			// The name can never exist (RFC 2606), so that nothing is ever fetched.
			change: file => amend(file, 'worker', {image: 'registry.invalid/shop/worker:2.0'}),
		});
		await lab.compose('up', '--detach', 'app');
		await lab.ready('app');
		await lab.composeMayFail('up', '--detach', 'worker');
	},
});

/** The head of a program for another processor (elf(5)): for ARM, or on ARM for Intel. */
function foreignProgram(): Buffer {
	const program = Buffer.alloc(64);
	Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]).copy(program);
	program.writeUInt16LE(2, 16);
	program.writeUInt16LE(process.arch === 'arm64' ? 62 : 183, 18);
	program.writeUInt32LE(1, 20);
	return program;
}

export const platformMismatch = fault({
	id: 'platform-mismatch',
	kind: 'fault',
	stack: 'generic',
	title: say('A program for another processor', '为另一种处理器构建的程序'),
	expects: [{id: 'platform-mismatch', service: 'worker'}],
	async provoke(lab) {
		await startGenericDatabase(lab, {
			change: file => amend(file, 'worker', {entrypoint: ['/worker'], command: [], volumes: ['./worker:/worker:ro']}),
		});
		await writeDeep(join(lab.directory, 'worker'), foreignProgram(), 0o755);
		await startGenericClients(lab, ['worker']);
	},
});

/** What an engine from before `clone3` answers: everything is allowed, and an unknown call is “not permitted”. */
const oldProfile = JSON.stringify({
	defaultAction: 'SCMP_ACT_ALLOW',
	syscalls: [{names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: 1}],
});

export const seccompBlocked = fault({
	id: 'seccomp-blocked',
	kind: 'fault',
	stack: 'generic',
	title: say('A seccomp profile that does not know a newer system call', '不认识较新系统调用的 seccomp 配置'),
	expects: [{id: 'seccomp-blocked', service: 'db'}],
	async provoke(lab) {
		await writeGeneric(lab, {change: file => amend(file, 'db', {security_opt: ['seccomp:./seccomp.json']})});
		await lab.write({'seccomp.json': oldProfile});
		await lab.compose('up', '--detach');
		await lab.crashLooping('db');
	},
});
