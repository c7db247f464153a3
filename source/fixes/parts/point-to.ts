import type {ClientCredential} from '../../core/deployment.ts';
import type {StepCall} from '../../core/fix.ts';
import type {See} from '../../core/probe.ts';
import {say} from '../../core/say.ts';
import {clientCredentials} from '../../probes/client-credentials.ts';
import {composeFiles} from '../../probes/compose-files.ts';
import {databases} from '../../probes/looks.ts';
import {type Edits, type NoPlace, setCompose, setEnv, together} from './configure.ts';
import {unique} from './hands.ts';
import {usersOf, variablePlace} from './places.ts';

/** Whether an `.env` name is used by clients that are well as it is, or for something else altogether. */
function isShared(see: See, name: string, wrong: ClientCredential): boolean {
	const alike = see(clientCredentials).filter(({host, port}) => host === wrong.host && port === wrong.port);
	return usersOf(see, name).some(
		({service, variable}) =>
			!alike.some(
				one =>
					one.service === service && [one.variables.host, one.variables.port, one.variables.url].includes(variable),
			),
	);
}

function setVariable(
	see: See,
	credential: ClientCredential,
	variable: string,
	part: 'whole' | 'address',
	text: string,
): Edits | NoPlace {
	const {service} = credential;
	const place = variablePlace(see, service, variable);
	const value = {text};
	switch (place.kind) {
		case 'env':
			if (!isShared(see, place.name, credential)) {
				const users = unique(usersOf(see, place.name).map(one => one.service)).filter(
					name => !databases(see).includes(name),
				);
				return {
					steps: [setEnv(place.file, place.name, {part, value})],
					files: [place.file],
					services: unique([service, ...users]),
				};
			}
			break;
		case 'compose':
			return {
				steps: [setCompose(place.file, service, variable, {part, value})],
				files: [place.file],
				services: [service],
			};
		default:
			return {
				why:
					place.kind === 'nowhere'
						? place.why
						: say('The value stands in a file of its own.', '该值位于单独的文件中。'),
			};
	}
	// Others are well with the shared name: this service alone gets another value.
	const {composeFiles: all, origins} = see(composeFiles);
	const origin = origins.find(one => one.service === service && one.variable === variable);
	const file = origin && all.includes(origin.file) ? origin.file : all[0];
	if (file === undefined) return {why: say('There is no Compose file to write to.', '没有可以写入的 Compose 文件。')};
	const steps: StepCall[] = [setCompose(file, service, variable, {part, value})];
	return {steps, files: [file], services: [service]};
}

/** The edits that make one client connect to this server and port. */
export function pointTo(see: See, credential: ClientCredential, server: string, port: number): Edits | NoPlace {
	const {variables, host, port: own, service} = credential;
	if (variables.url) return setVariable(see, credential, variables.url, 'address', `${server}:${port}`);
	const wanted: (Edits | NoPlace)[] = [];
	if (host !== server) {
		if (variables.host === null)
			return {
				why: say(
					`${service} names no host, so there is nothing to correct.`,
					`${service} 没有指定主机，因此无从改正。`,
				),
			};
		wanted.push(setVariable(see, credential, variables.host, 'whole', server));
	}
	if (own !== port) {
		if (variables.port === null)
			return {
				why: say(
					`${service} names no port, so there is nothing to correct.`,
					`${service} 没有指定端口，因此无从改正。`,
				),
			};
		wanted.push(setVariable(see, credential, variables.port, 'whole', String(port)));
	}
	return wanted.find(one => 'why' in one) ?? together(wanted.filter(one => 'steps' in one));
}
