import {join} from 'node:path';
import type {Finding} from '../../source/core/diagnosis.ts';
import type {Plan} from '../../source/core/fix.ts';
import {createRedactor} from '../../source/core/redact.ts';
import {say} from '../../source/core/say.ts';
import {Secret} from '../../source/core/secret.ts';
import {Trouble} from '../../source/core/trouble.ts';
import type {ReadWorld} from '../../source/core/world.ts';
import {createFileWriter} from '../../source/world/file-writer.ts';
import {localFiles} from '../../source/world/files.ts';
import type {Opened} from '../../source/world/open.ts';

const nobody = (): never => {
	throw new Trouble('not-running', say('There is no server on paper.', '纸上没有服务器。'));
};

/** A deployment of files only, with the real file writer behind it: what a fix does to files, without any engine. */
export function paperWorld(folder: string, passwords: Record<string, string>): Opened {
	const redactor = createRedactor();
	for (const password of Object.values(passwords)) redactor.add(new Secret(password));
	const docker = new Proxy({} as ReadWorld['docker'], {get: () => nobody});
	const world: ReadWorld = {
		target: {
			kind: 'database',
			name: 'paper',
			stack: 'external',
			host: 'paper.invalid',
			port: 5432,
			database: 'x',
			user: 'x',
		},
		now: () => new Date(),
		docker,
		files: localFiles,
		place: async () => ({
			workingDirectory: folder,
			configFiles: [join(folder, 'compose.yaml')],
			envFiles: [join(folder, '.env')],
			shell: () => undefined,
		}),
		listener: async () => null,
		composeVerdict: async () => ({kind: 'no-judge', why: say('there is no engine on paper', '纸上没有引擎')}),
		database: () => ({query: async () => nobody(), login: async () => nobody(), ready: async () => 'no-answer'}),
		credentials: async () => [],
		candidates: async () => [],
		redact: text => redactor.redact(text),
	};
	return {
		world,
		close: async () => undefined,
		grant({keep, signal}) {
			const secret = async (reference: string): Promise<Secret> => {
				const password = passwords[reference];
				if (password === undefined) throw new Trouble('no-secret', say(`no ${reference}`, `没有 ${reference}`));
				return new Secret(password);
			};
			const refuse = new Proxy({}, {get: () => nobody});
			return {
				...world,
				write: {
					docker: refuse as never,
					compose: refuse as never,
					files: createFileWriter({keep, secret}),
					sql: async () => nobody(),
					rows: refuse as never,
				},
				keep,
				signal,
				secret,
			};
		},
	};
}

export const paperFinding: Finding = {
	id: 'env-variable-missing',
	chapter: 'project',
	subject: null,
	severity: 'failure',
	certainty: 'certain',
	title: say('x', '某'),
	about: say('x', '某'),
	beware: null,
	because: [],
	affects: [],
	fixes: [],
	noFix: null,
	hands: [{name: 'DB_PASSWORD', service: null, key: null, uses: []}],
};

/** Three edits of three files, by the fix whose verification needs nothing but files. */
export const paperPlan = (folder: string): Plan => ({
	kind: 'plan',
	fix: 'fix-env-file',
	route: null,
	steps: [
		{
			step: 'edit-env-file',
			input: {file: join(folder, '.env'), name: 'DB_PASSWORD', part: 'whole', value: {secret: 'new'}},
		},
		{step: 'edit-secret-file', input: {file: join(folder, 'secret.txt'), secret: 'new'}},
		{
			step: 'edit-compose-file',
			input: {
				file: join(folder, 'compose.yaml'),
				service: 'api',
				variable: 'DB_PASSWORD',
				part: 'whole',
				scope: 'service',
				value: {reference: 'DB_PASSWORD'},
			},
		},
	],
	afterUndo: [],
	loses: say('x', '某'),
	restarts: [],
	takes: say('x', '某'),
	undo: say('x', '某'),
	confirm: null,
	assumes: {},
});

export const paperFiles = {
	'.env': '# kept\nDB_PASSWORD=old-password-of-paper # why\n',
	'secret.txt': 'old-password-of-paper\r\n',
	'compose.yaml': 'services:\n  api:\n    environment:\n      DB_PASSWORD: old-password-of-paper\n',
};

export const newPassword = 'n3w $ecret of paper';

export const paperDone = {
	'.env': `# kept\nDB_PASSWORD='${newPassword}' # why\n`,
	'secret.txt': newPassword,
	'compose.yaml': 'services:\n  api:\n    environment:\n      DB_PASSWORD: ${DB_PASSWORD}\n',
};
