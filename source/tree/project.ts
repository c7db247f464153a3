import type {Scope} from '../core/diagnosis.ts';
import type {See} from '../core/probe.ts';
import {say} from '../core/say.ts';
import {symptomsOf} from '../core/symptoms.ts';
import {asking, chapter, leaf, nothing} from '../core/walk.ts';
import {envValueMangled} from '../diagnoses/env-value-mangled.ts';
import {envVariableMissing, type VariableScope} from '../diagnoses/env-variable-missing.ts';
import {portAlreadyAllocated} from '../diagnoses/port-already-allocated.ts';
import {clientCredentials} from '../probes/client-credentials.ts';
import {composeFiles} from '../probes/compose-files.ts';
import {dataDirectory} from '../probes/data-directory.ts';
import {deploymentState} from '../probes/deployment-state.ts';
import {
	type ClientScope,
	canLook,
	clients,
	databaseOf,
	databases,
	isExternal,
	isRunning,
	proofOf,
	services,
} from '../probes/looks.ts';

const title = say('The project: files, variables, ports', '项目：文件、变量与端口');

/** Compose's variables that nothing defines, and password variables that a client does not have at all. */
function missingVariables(see: See): VariableScope[] {
	if (!canLook(see) || isExternal(see)) return [];
	const byName = new Map<string, VariableScope>();
	const add = (name: string, use: {service: string; key: string}, required: boolean, file: string | null) => {
		const known = byName.get(name);
		if (known) known.uses.push(use);
		else byName.set(name, {subject: use.service, name, uses: [use], required, file});
	};
	for (const {name, service, key, hasDefault, required, defined, file} of see(composeFiles).uses)
		if (!defined && !hasDefault) add(name, {service, key}, required, file);
	for (const credential of see(clientCredentials)) {
		if (credential.purpose !== 'client' || credential.passwordFrom !== 'none') continue;
		if ([...byName.values()].some(({uses}) => uses.some(({service}) => service === credential.service))) continue;
		const name = credential.variables.password ?? credential.variables.url;
		if (name) add(name, {service: credential.service, key: name}, false, null);
	}
	return [...byName.values()];
}

/** A blank matters when somebody who gets it is ill; it is the database's own business while that was never initialised. */
function weigh(see: See, {uses}: VariableScope): 'matters' | 'first-start' | 'harmless' {
	const own = databases(see);
	const first = uses.some(
		({service, key}) =>
			own.includes(service) &&
			key.startsWith('POSTGRES_PASSWORD') &&
			!isRunning(see, service) &&
			see(dataDirectory, service).majorVersion === null,
	);
	if (first) return 'first-start';
	const ill = symptomsOf(see(deploymentState), new Map(), Date.parse(see(deploymentState).observedAt));
	const refused = (service: string): boolean =>
		see(clientCredentials).some(credential => {
			if (credential.service !== service || credential.purpose !== 'client' || credential.passwordFrom !== 'none')
				return false;
			const database = databaseOf(see, credential);
			return (
				database !== null &&
				isRunning(see, database) &&
				proofOf(see, database, credential.id)?.verdict === 'no-password-given'
			);
		});
	return uses.some(({service}) => ill.some(symptom => symptom.service === service) || refused(service))
		? 'matters'
		: 'harmless';
}

const variables = chapter(
	{id: 'project', title, each: missingVariables},
	asking<VariableScope>()(
		({name}) => say(`Is \`${name}\` left blank where it is needed?`, `需要 \`${name}\` 的地方得到的是空值吗？`),
		weigh,
		{
			matters: leaf(envVariableMissing),
			'first-start': nothing,
			harmless: nothing,
		},
	),
);

const values = chapter(
	{
		id: 'project',
		title,
		each: clients,
		unless: (see, {database}) =>
			isRunning(see, database)
				? null
				: say(`${database} does not run, so passwords can’t be compared`, `${database} 未运行，无法核对密码`),
	},
	asking<ClientScope>()(
		({credential}) =>
			say(
				`Was the password of ${credential.service || 'the client'} changed on its way?`,
				`${credential.service || '客户端'} 的密码在途中被改变了吗？`,
			),
		(see, {database, credential}) => {
			const verdict = proofOf(see, database, credential.id)?.verdict;
			if (verdict === 'mangled') return 'mangled';
			// Some clients read a raw `@` as it was meant: one that is logged in proves it.
			return credential.urlProblem === null || verdict === 'fits' ? 'intact' : 'url-broken';
		},
		{mangled: leaf(envValueMangled), 'url-broken': leaf(envValueMangled), intact: nothing},
	),
);

const portTaken = /port is already allocated|address already in use|ports are not available|bind: An attempt was made/i;

type ServiceScope = Scope & {subject: string};

const ports = chapter<ServiceScope>(
	{
		id: 'project',
		title,
		each: see => services(see).flatMap(({service, error}) => (error ? [{subject: service}] : [])),
	},
	asking<ServiceScope>()(
		({subject}) => say(`Why could ${subject} not be started?`, `${subject} 为什么无法启动？`),
		(see, {subject}) =>
			services(see).some(
				({service, error, status}) => service === subject && status !== 'running' && portTaken.test(error),
			)
				? 'port-taken'
				: 'something-else',
		{'port-taken': leaf(portAlreadyAllocated), 'something-else': nothing},
	),
);

export const project = [variables, values, ports] as const;
