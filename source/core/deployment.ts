import type {Container} from './world.ts';

/** What part a service plays, as the stack's knowledge tells. */
export type Role = 'database' | 'client' | 'proxy' | 'cache' | 'other';

/** A service and its present container, or `missing` when Compose knows the service and no container exists. */
export type ServiceState = Omit<Container, 'status' | 'labels'> & {
	role: Role;
	status: Container['status'] | 'missing';
	/** Service names it waits for (`depends_on`), from the container's label. */
	dependsOn: string[];
	/** Variable names of its environment; values never leave the world. */
	variables: string[];
};

/** The whole deployment in one look. */
export type Deployment = {
	/** When the containers were looked at, ISO 8601. */
	observedAt: string;
	project: string;
	stack: string;
	workingDirectory: string | null;
	configFiles: string[];
	environmentFile: string | null;
	/** Whether those files can be read from here. */
	filesReadable: boolean;
	/** `[]` for an external database. */
	services: ServiceState[];
};

/** How a password is written, told without telling the password. */
export type PasswordShape = {
	length: number;
	carriageReturn: boolean;
	quoted: boolean;
	outerSpace: boolean;
	dollar: boolean;
	/** Characters that must be percent-encoded in a URL: outside `[A-Za-z0-9._~-]`. */
	reserved: boolean;
	/** Whether it is one of the defaults that are published with the application. */
	wellKnown: boolean;
};

/** A credential without its secret. Equal `sameAs` letters mean equal passwords within this run. */
export type ClientCredential = {
	id: string;
	service: string;
	purpose: 'client' | 'initial';
	user: string;
	host: string;
	port: number;
	database: string;
	variables: {
		user: string | null;
		password: string | null;
		host: string | null;
		port: string | null;
		database: string | null;
		url: string | null;
	};
	passwordFrom: 'variable' | 'file' | 'url' | 'none';
	/** Path inside the container of the file that the password came out of. */
	passwordFile?: string | null;
	/** Null without a password. */
	sameAs: string | null;
	shape: PasswordShape | null;
	urlProblem: string | null;
	/** The database service that its host name leads to by the engine's own DNS, or why there is none. */
	leadsTo:
		| {kind: 'service'; service: string; also: string[]}
		| {kind: 'unknown-name'}
		| {kind: 'other-network'; service: string}
		| {kind: 'loopback'}
		| {kind: 'outside'};
};
