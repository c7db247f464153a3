import type {ClientCredential} from '../core/deployment.ts';
import {isDsn, parseDsn} from '../core/dsn.ts';
import {shapeOf} from '../core/password-shape.ts';
import {Secret} from '../core/secret.ts';
import type {Container, Credential, DockerReader} from '../core/world.ts';
import {groupsByName} from '../stacks/generic.ts';
import type {CredentialGroup, Stack} from '../stacks/index.ts';

type Variables = ReadonlyMap<string, Secret>;
type Holder = {service: string; variables: Variables; file(path: string): Promise<string | null>};
type Draft = Credential & {hostKnown: boolean; userKnown: boolean};
type Read = {name: string; value: string; file: string | null};

const defaultPort = 5432;

/** The first of the names that has a value, or whose `*_FILE` leads to a file that can be read. */
async function read({variables, file}: Holder, names: readonly string[], trim: RegExp): Promise<Read | null> {
	for (const name of names) {
		const value = variables.get(name)?.open();
		if (value) return {name, value, file: null};
		const path = variables.get(`${name}_FILE`)?.open();
		if (path) return {name: `${name}_FILE`, value: ((await file(path)) ?? '').replace(trim, ''), file: path};
	}
	return null;
}

const present = ({variables}: Holder, name: string): boolean => variables.has(name) || variables.has(`${name}_FILE`);

const said = ({variables}: Holder, {variables: names, like}: NonNullable<CredentialGroup['when']>): boolean =>
	names.some(name => like.test(variables.get(name)?.open() ?? ''));

const idOf = (service: string, name: string): string => (service ? `${service}:${name}` : name);

async function fromGroup(holder: Holder, group: CredentialGroup): Promise<Draft | null> {
	if (group.when && !said(holder, group.when)) return null;
	if (group.unless && said(holder, group.unless)) return null;
	const all = [...group.user, ...group.password, ...group.host, ...group.database];
	if (!all.some(name => present(holder, name))) return null;
	// initdb takes every line end off the file it is given; most clients take off the line feed alone.
	const trim = group.purpose === 'initial' ? /[\r\n]+$/ : /\n$/;
	const [user, password, host, port, database] = await Promise.all(
		[group.user, group.password, group.host, group.port, group.database].map(names => read(holder, names, trim)),
	);
	const [, hostName = '', hostPort] = /^(.*?)(?::(\d+))?$/s.exec(host?.value ?? group.otherwise.host ?? '') ?? [];
	const passwordName = password?.name ?? group.password[0] ?? null;
	const userName = user?.value ?? group.otherwise.user ?? '';
	return {
		id: idOf(holder.service, `${passwordName}${group.as ? `@${group.as}` : ''}`),
		service: holder.service,
		purpose: group.purpose,
		user: userName,
		host: group.purpose === 'initial' ? holder.service : hostName,
		port: Number(port?.value || hostPort) || group.otherwise.port || defaultPort,
		database: database?.value || group.otherwise.database || userName,
		password: password?.value ? new Secret(password.value) : null,
		variables: {
			user: user?.name ?? null,
			password: passwordName,
			host: host?.name ?? null,
			port: port?.name ?? null,
			database: database?.name ?? null,
			url: null,
		},
		passwordFile: password?.file ?? null,
		urlProblem: null,
		hostKnown: hostName !== '' || group.purpose === 'initial',
		userKnown: userName !== '',
	};
}

async function fromUrls(holder: Holder): Promise<Draft[]> {
	const drafts: Draft[] = [];
	for (const [name, secret] of holder.variables) {
		const path = /(?:URL|URI|DSN)_FILE$/i.test(name) ? secret.open() : null;
		const value = path === null ? secret.open() : ((await holder.file(path)) ?? '').replace(/\n$/, '');
		if (!isDsn(value)) continue;
		const dsn = parseDsn(value);
		if (!dsn) continue;
		drafts.push({
			id: idOf(holder.service, name),
			service: holder.service,
			purpose: 'client',
			user: dsn.user,
			host: dsn.host,
			port: dsn.port,
			database: dsn.database,
			password: dsn.password === null ? null : new Secret(dsn.password),
			variables: {user: null, password: null, host: null, port: null, database: null, url: name},
			passwordFile: path,
			urlProblem: dsn.problem,
			hostKnown: dsn.host !== '',
			userKnown: dsn.user !== '',
		});
	}
	return drafts;
}

/** A URL that names the server only, beside variables for user and password (Keycloak, Spring), is one credential with them. */
function joined(urls: readonly Draft[], groups: readonly Draft[]): Draft[] {
	const bare = urls.find(({userKnown, password}) => !userKnown && password === null);
	const whole = urls.filter(url => url !== bare);
	if (!bare) return [...whole, ...groups.filter(({hostKnown}) => hostKnown || whole.length === 0)];
	return [
		...whole,
		...groups.map(group =>
			group.hostKnown
				? group
				: {...group, host: bare.host, port: bare.port, database: bare.database || group.database, hostKnown: true},
		),
	];
}

/** An application that is told the same login twice uses one of them; which one can't be seen, so URLs go first. */
function once(drafts: readonly Draft[]): Draft[] {
	const seen = new Set<string>();
	return drafts.filter(({service, purpose, user, host, port, database}) => {
		const key = JSON.stringify([service, purpose, user, host, port, database]);
		return !seen.has(key) && seen.add(key);
	});
}

/** The credentials in one set of variables: a container's environment, an env file, or this process's own environment. */
export async function credentialsIn(
	holder: Holder,
	groups: readonly CredentialGroup[],
	readsUrls: boolean,
): Promise<Draft[]> {
	const urls = readsUrls ? await fromUrls(holder) : [];
	const drafts = await Promise.all(groups.map(group => fromGroup(holder, group)));
	return once(
		joined(
			urls,
			drafts.filter(draft => draft !== null),
		),
	);
}

/** One container for each service: the running one, else the newest. Containers of `compose run` are somebody's passing work. */
export function onePerService(containers: readonly Container[]): Container[] {
	const rank = ({status, createdAt}: Container): string => `${status === 'running' ? 1 : 0}${createdAt}`;
	const chosen = new Map<string, Container>();
	for (const container of containers) {
		const known = chosen.get(container.service);
		if (!container.oneOff && (!known || rank(container) > rank(known))) chosen.set(container.service, container);
	}
	// The engine lists the newest first; ids, letters and references must not depend on that.
	return [...chosen.values()].sort((a, b) => a.service.localeCompare(b.service));
}

/**
 * All database credentials that the services of a deployment hold, read from the containers' real environment and the secret
 * files inside them. A name without a value gives a credential without a password, never none.
 * @param remember called with each password before it goes anywhere, so that it is taken out of everything that is shown
 */
export async function credentialsOf({
	containers,
	docker,
	stack,
	remember,
}: {
	containers: readonly Container[];
	docker: Pick<DockerReader, 'environment' | 'readFile'>;
	stack: Stack;
	remember?: (password: Secret) => void;
}): Promise<Credential[]> {
	const chosen = onePerService(containers);
	const drafts = await Promise.all(
		chosen.map(async container => {
			const variables = await docker.environment(container.id);
			const groups = stack.credentialGroups(container, [...variables.keys()]);
			const file = async (path: string): Promise<string | null> =>
				(await docker.readFile(container.id, path))?.content.toString('utf8') ?? null;
			return credentialsIn({service: container.service, variables, file}, groups, stack.readsUrls(container));
		}),
	);
	const all = drafts.flat();
	const servers = chosen.filter(container => stack.roleOf(container) === 'database').map(({service}) => service);
	const only = servers.length === 1 ? servers[0] : undefined;
	return all
		.filter(({hostKnown, purpose}) => hostKnown || purpose === 'initial' || only !== undefined)
		.map(({hostKnown, userKnown, ...credential}) => {
			if (credential.password) remember?.(credential.password);
			const host = hostKnown ? credential.host : (only ?? '');
			if (userKnown) return {...credential, host};
			const user = all.find(({service, purpose}) => purpose === 'initial' && service === only)?.user ?? 'postgres';
			return {...credential, host, user, database: credential.database || user};
		});
}

/**
 * Credentials for a server outside of any deployment, from an env file or this process's own environment. Those without a host
 * are left out: nothing says which server they mean.
 * @param readFile for `*_FILE` variables
 */
export async function externalCredentials(
	variables: Variables,
	readFile: (path: string) => Promise<Buffer | null>,
	remember?: (password: Secret) => void,
): Promise<Credential[]> {
	const file = async (path: string): Promise<string | null> => (await readFile(path))?.toString('utf8') ?? null;
	const drafts = await credentialsIn({service: '', variables, file}, groupsByName([...variables.keys()]), true);
	return drafts
		.filter(({hostKnown}) => hostKnown)
		.map(({hostKnown: _, userKnown, ...credential}) => {
			if (credential.password) remember?.(credential.password);
			return userKnown ? credential : {...credential, user: 'postgres', database: credential.database || 'postgres'};
		});
}

const letter = (index: number): string =>
	(index >= 26 ? letter(Math.floor(index / 26) - 1) : '') + String.fromCharCode(65 + (index % 26));

/** What may be told of passwords: how each is written, and equal letters for equal ones. In the order of `credentials`. */
export function tellPasswords(
	credentials: readonly Credential[],
	wellKnown: readonly string[],
): Pick<ClientCredential, 'sameAs' | 'shape' | 'passwordFrom'>[] {
	const distinct: Secret[] = [];
	return credentials.map(({password, passwordFile, variables}) => {
		if (!password) return {sameAs: null, shape: null, passwordFrom: 'none'};
		let index = distinct.findIndex(known => known.equals(password));
		if (index < 0) index = distinct.push(password) - 1;
		return {
			sameAs: letter(index),
			shape: shapeOf(password.open(), wellKnown),
			passwordFrom: passwordFile ? 'file' : variables.url ? 'url' : 'variable',
		};
	});
}
