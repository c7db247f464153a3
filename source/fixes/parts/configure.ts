import type {ClientCredential} from '../../core/deployment.ts';
import type {StepCall} from '../../core/fix.ts';
import {ifKnown} from '../../core/if-known.ts';
import type {See} from '../../core/probe.ts';
import {say, type Text} from '../../core/say.ts';
import {clientCredentials} from '../../probes/client-credentials.ts';
import {composeFiles} from '../../probes/compose-files.ts';
import {deploymentState} from '../../probes/deployment-state.ts';
import {databaseOf, databases, proofOf, serviceNamed} from '../../probes/looks.ts';
import {unique} from './hands.ts';
import {envPlace, hasOtherUses, passwordName, passwordPlace, usersOf} from './places.ts';

/** Edits that make a configuration say something else, and what has to be made anew so that it counts. */
export type Edits = {steps: StepCall[]; files: string[]; services: string[]};
export type NoPlace = {why: Text};

const one = (file: string, call: StepCall, services: readonly string[]): Edits => ({
	steps: [call],
	files: [file],
	services: [...services],
});

/** One place is written once: clients that share an entry mean the same value, and the proof tells if they don't. */
const placeOf = ({step, input: {file, name, service, variable, part}}: StepCall): string =>
	JSON.stringify([step, file, name, service, variable, part]);

export const together = (all: readonly Edits[]): Edits => {
	const seen = new Set<string>();
	return {
		steps: all.flatMap(({steps}) => steps).filter(call => !seen.has(placeOf(call)) && seen.add(placeOf(call))),
		files: unique(all.flatMap(({files}) => files)),
		services: unique(all.flatMap(({services}) => services)),
	};
};

export const setEnv = (file: string, name: string, more: Record<string, unknown>): StepCall => ({
	step: 'edit-env-file',
	input: {file, name, part: 'whole', ...more},
});

export const setCompose = (
	file: string,
	service: string,
	variable: string,
	more: Record<string, unknown>,
): StepCall => ({
	step: 'edit-compose-file',
	input: {file, service, variable, part: 'whole', scope: 'service', ...more},
});

/** Whether a service's password comes out of this variable and is the right one already: its container needs no other value. */
function isServed(see: See, {service, variable}: {service: string; variable: string}): boolean {
	const carried = see(clientCredentials).filter(
		({service: holder, purpose, variables}) =>
			holder === service && purpose === 'client' && [variables.password, variables.url].includes(variable),
	);
	return (
		carried.length > 0 &&
		carried.every(credential => {
			const database = databaseOf(see, credential);
			return database !== null && ifKnown(() => proofOf(see, database, credential.id))?.verdict === 'fits';
		})
	);
}

/**
 * Services that must be made anew when an `.env` name gets the password that works. Those that have it already stay; a server
 * keeps its own copy for a first start only.
 */
const clientsOf = (see: See, name: string): string[] =>
	unique(
		usersOf(see, name)
			.filter(use => !databases(see).includes(use.service) && !isServed(see, use))
			.map(({service}) => service),
	);

/**
 * A URL that is put together in the Compose file. The `.env` name holds the password as it is, for others that take it so; a
 * second name holds it percent-encoded, and the URL takes that one, as soon as the password needs it.
 */
function inComposedUrl(
	see: See,
	{service}: ClientCredential,
	variable: string,
	place: {file: string; names: string[]},
	secret: string,
	mangling: string,
): Edits | NoPlace {
	const name = passwordName(place.names);
	const literal = one(place.file, setCompose(place.file, service, variable, {part: 'password', value: {secret}}), [
		service,
	]);
	if (name === null) return literal;
	const files = see(composeFiles);
	const env = envPlace(files, name);
	if (env.kind !== 'env' || hasOtherUses(see, name)) return literal;
	const encoded = `${name}_URLENCODED`;
	const forUrl = {file: env.file, name: encoded, more: {value: {secret}, encoded: true}};
	const inUrl = {part: 'password', value: {reference: encoded, onlyWhen: secret}};
	// The password itself arrives as it should; only the URL needs another spelling of it.
	if (mangling === 'url-encoding')
		return {
			steps: [setEnv(forUrl.file, forUrl.name, forUrl.more), setCompose(place.file, service, variable, inUrl)],
			files: unique([env.file, place.file]),
			services: [service],
		};
	return {
		steps: [
			setEnv(env.file, name, {value: {secret}}),
			setEnv(forUrl.file, forUrl.name, {...forUrl.more, when: 'reserved'}),
			setCompose(place.file, service, variable, {...inUrl, when: 'reserved'}),
		],
		files: unique([env.file, place.file]),
		services: unique([service, ...clientsOf(see, name)]),
	};
}

/** The Compose file that a service's variable stands in, else the main one. */
const composeFileOf = (see: See, service: string, variable: string): string => {
	const {origins, composeFiles: all} = see(composeFiles);
	const origin = origins.find(one => one.service === service && one.variable === variable);
	return origin && all.includes(origin.file) ? origin.file : (all[0] ?? '');
};

/** Manglings that stand around a reference in the Compose file, which itself is right. */
const around = ['carriage-return', 'quotes', 'outer-space'];

/**
 * The edits that give one client this password, at the place that its value comes from.
 * @param secret reference of the password
 * @param mangling what a value suffers on its way today, or ''
 */
export function givePassword(see: See, credential: ClientCredential, secret: string, mangling = ''): Edits | NoPlace {
	const {service, variables} = credential;
	const place = passwordPlace(see, credential);
	const variable = variables.password ?? variables.url ?? '';
	const part = variables.url ? 'password' : 'whole';
	switch (place.kind) {
		case 'nowhere':
			return {why: place.why};
		case 'secret-file':
			return one(place.file, {step: 'edit-secret-file', input: {file: place.file, secret}}, [service]);
		case 'env':
			if (!hasOtherUses(see, place.name))
				return one(place.file, setEnv(place.file, place.name, {part, value: {secret}}), [
					service,
					...clientsOf(see, place.name),
				]);
			return inCompose(
				see,
				credential,
				variable,
				{file: composeFileOf(see, service, variable), names: []},
				secret,
				mangling,
			);
		case 'compose':
			return variables.url
				? inComposedUrl(see, credential, variable, place, secret, mangling)
				: inCompose(see, credential, variable, place, secret, mangling);
	}
}

function inCompose(
	see: See,
	credential: ClientCredential,
	variable: string,
	{file, names}: {file: string; names: string[]},
	secret: string,
	mangling: string,
): Edits {
	const {service, variables} = credential;
	const [name] = names;
	const env =
		names.length === 1 && name !== undefined && around.includes(mangling) ? envPlace(see(composeFiles), name) : null;
	if (env?.kind === 'env' && name !== undefined && !hasOtherUses(see, name)) {
		const refer = setCompose(file, service, variable, {value: {reference: name}});
		return {
			steps: [setEnv(env.file, name, {value: {secret}}), refer],
			files: unique([env.file, file]),
			services: unique([service, ...clientsOf(see, name)]),
		};
	}
	return one(file, setCompose(file, service, variable, {part: variables.url ? 'password' : 'whole', value: {secret}}), [
		service,
	]);
}

/** Flags by which Compose finds the project from any folder; null when its files can't be read here. */
export function composeFlags(see: See): string[] | null {
	const {project, workingDirectory, configFiles, filesReadable} = see(deploymentState);
	if (!filesReadable) return null;
	return [
		'--project-name',
		project,
		...(workingDirectory ? ['--project-directory', workingDirectory] : []),
		...configFiles.flatMap(file => ['--file', file]),
	];
}

/** Makes the services anew that have a container; a service without one has nothing to be made anew. */
export function recreate(
	see: See,
	services: readonly string[],
	environment: {service: string; variable: string; secret: string}[] = [],
): StepCall[] {
	const present = services.filter(name => (serviceNamed(see, name)?.status ?? 'missing') !== 'missing');
	return present.length > 0
		? [
				{
					step: 'recreate-service',
					input: {services: present, flags: composeFlags(see), ...(environment.length > 0 ? {environment} : {})},
				},
			]
		: [];
}

/** Whether a credential is a variable that holds nothing but the password. */
export const isPlainVariable = ({passwordFrom, variables}: ClientCredential): boolean =>
	passwordFrom !== 'url' && passwordFrom !== 'file' && variables.password !== null;

/** For containers that are made anew without the files: the variables that hold nothing but the password, each once. */
export const environmentFor = (
	wanted: readonly {credential: ClientCredential; secret: string}[],
): {service: string; variable: string; secret: string}[] => {
	const values = wanted
		.filter(({credential}) => isPlainVariable(credential))
		.map(({credential: {service, variables}, secret}) => ({service, variable: variables.password ?? '', secret}));
	return [...new Map(values.map(value => [`${value.service} ${value.variable}`, value])).values()];
};

export const filesUnreadable = say(
	'The Compose files can’t be read here, so the containers are made anew through the engine. The next `docker compose up` from the files brings the old value back: correct it there too.',
	'此处无法读取 Compose 文件，因此通过引擎重建容器。下次按文件执行 `docker compose up` 会恢复旧值：请在文件中也加以改正。',
);
