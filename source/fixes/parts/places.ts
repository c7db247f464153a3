import type {ClientCredential} from '../../core/deployment.ts';
import type {See} from '../../core/probe.ts';
import {say, type Text} from '../../core/say.ts';
import {clientCredentials} from '../../probes/client-credentials.ts';
import {type ComposeFiles, composeFiles} from '../../probes/compose-files.ts';
import {serviceNamed} from '../../probes/looks.ts';

/** Where the value of a service's variable is written, and can be changed so that it stays. */
export type Place =
	/** A variable of `.env` or of an `env_file:`. */
	| {kind: 'env'; file: string; name: string}
	/** In the Compose file itself, made of these `.env` names and more, or of none. */
	| {kind: 'compose'; file: string; names: string[]}
	/** A file of this machine that is mounted and holds nothing else. */
	| {kind: 'secret-file'; file: string}
	| {kind: 'nowhere'; why: Text};

const nowhere = (en: string, zh: string): Place => ({kind: 'nowhere', why: say(en, zh)});

const entryOf = ({entries}: ComposeFiles, name: string, file?: string) =>
	entries.findLast(entry => entry.name === name && (file === undefined || entry.file === file));

/** A name of `.env`, whether it stands there already or is still missing. */
export function envPlace(files: ComposeFiles, name: string): Place {
	const entry = entryOf(files, name);
	if (entry) return {kind: 'env', file: entry.file, name};
	if (files.uses.some(use => use.name === name && use.defined))
		return nowhere(
			`\`${name}\` comes from the shell in which Compose runs, not from a file.`,
			`\`${name}\` 来自运行 Compose 的 shell，而不是文件。`,
		);
	return files.envFile
		? {kind: 'env', file: files.envFile, name}
		: nowhere('There is no `.env` to write to.', '没有可以写入的 `.env`。');
}

export function variablePlace(see: See, service: string, variable: string): Place {
	const files = see(composeFiles);
	const origin = files.origins.find(one => one.service === service && one.variable === variable);
	if (!files.readable) return nowhere('The Compose files can’t be read here.', '此处无法读取 Compose 文件。');
	if (!origin)
		return nowhere(
			`\`${variable}\` of ${service} stands in no file: it comes from the image or from the command line.`,
			`${service} 的 \`${variable}\` 不在任何文件中：它来自镜像或命令行。`,
		);
	if (entryOf(files, variable, origin.file)) return {kind: 'env', file: origin.file, name: variable};
	const [name] = origin.names;
	return origin.whole && name !== undefined
		? envPlace(files, name)
		: {kind: 'compose', file: origin.file, names: origin.names};
}

/** Where a client's password is written. */
export function passwordPlace(see: See, {service, passwordFile, variables}: ClientCredential): Place {
	if (passwordFile) {
		const mount = serviceNamed(see, service)?.mounts.find(
			({type, destination}) => type === 'bind' && destination === passwordFile,
		);
		return mount
			? {kind: 'secret-file', file: mount.source}
			: nowhere(
					`\`${passwordFile}\` of ${service} is no file of this machine.`,
					`${service} 的 \`${passwordFile}\` 不是本机上的文件。`,
				);
	}
	const variable = variables.password ?? variables.url;
	return variable
		? variablePlace(see, service, variable)
		: nowhere(`${service} takes its password from nowhere that is known.`, `不知道 ${service} 的密码取自何处。`);
}

/** Every variable of a service whose value an `.env` name goes into, also through other names. */
export function usersOf(see: See, name: string): {service: string; variable: string}[] {
	const {entries, origins} = see(composeFiles);
	const names = new Set([name]);
	for (let size = 0; size !== names.size; ) {
		size = names.size;
		for (const entry of entries) if (entry.references.some(reference => names.has(reference))) names.add(entry.name);
	}
	return origins
		.filter(origin => origin.names.some(one => names.has(one)))
		.map(({service, variable}) => ({service, variable}));
}

/** Whether anything but database passwords is made of an `.env` name: changing it would change that too. */
export function hasOtherUses(see: See, name: string): boolean {
	const passwords = see(clientCredentials).map(({service, variables}) => ({
		service,
		variable: variables.password ?? variables.url,
	}));
	return usersOf(see, name).some(
		use => !passwords.some(one => one.service === use.service && one.variable === use.variable),
	);
}

/** Which of several names in a URL is the password's. */
export const passwordName = (names: readonly string[]): string | null =>
	names.length === 1 ? (names[0] ?? null) : (names.find(name => /PASS|PWD|PW$|SECRET/i.test(name)) ?? null);
