import type {Role} from '../core/deployment.ts';
import type {Text} from '../core/say.ts';
import type {Container} from '../core/world.ts';

/**
 * Variables that together make one set of database credentials. Each list names variables in order of preference;
 * `NAME_FILE` stands for `NAME` everywhere. A group counts for a container that has at least one of them.
 */
export type CredentialGroup = {
	/** `client` logs in with it; `initial` is used by the server's image at its first start only. */
	purpose: 'client' | 'initial';
	user: readonly string[];
	password: readonly string[];
	host: readonly string[];
	port: readonly string[];
	database: readonly string[];
	/** What the application takes where it is told nothing. No host here means: the only database of the deployment. */
	otherwise: {user?: string; host?: string; port?: number; database?: string};
	/** Counts only while one of the variables has a value like this, for instance when the application uses that store at all. */
	when?: {variables: readonly string[]; like: RegExp};
	/** Does not count when one of the variables has a value like this: another kind of database. */
	unless?: {variables: readonly string[]; like: RegExp};
	/** Tells two groups with the same password variable apart in the credential's id. */
	as?: string;
};

/** What we know about one application. Data only: values are read in `world/`. */
export type Stack = {
	id: string;
	title: Text;
	recognises(containers: readonly Container[]): boolean;
	roleOf(container: Container): Role;
	/** @param variables names in the container's environment */
	credentialGroups(container: Container, variables: readonly string[]): readonly CredentialGroup[];
	/** Whether any variable that holds a connection URL is a credential of this container. */
	readsUrls(container: Container): boolean;
	/** Where an application's container keeps the migrations that its database should have; they are Alembic's. */
	migrations?: {service: string; folder: string};
	/** Where a service says that it works, by service name: the port inside its container, and the path. */
	pages?: Readonly<Record<string, {port: number; path: string}>>;
	/** Passwords that are published with the application. */
	wellKnownPasswords: readonly string[];
};
