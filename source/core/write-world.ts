import type {FileChange, PreparedChange} from './file-change.ts';
import type {Secret} from './secret.ts';
import type {Container, ExecResult, ReadWorld} from './world.ts';

/** The engine as steps see it. It exists only inside an approved plan. */
export type DockerWriter = {
	start(containerId: string): Promise<void>;
	/** @param seconds grace before the engine kills */
	stop(containerId: string, seconds: number): Promise<void>;
	restart(containerId: string, seconds: number): Promise<void>;
	signal(containerId: string, signal: string): Promise<void>;
	/** Gives a running or stopped container other limits, bytes; `swap` is memory and swap together, -1 without a limit. */
	limitMemory(containerId: string, limits: {memory: number; swap: number}): Promise<void>;
	/** Fetches an image by its name, unless the engine has it. Throws when the registry does not give it. */
	pull(reference: string, onLine: (line: string) => void, signal: AbortSignal): Promise<void>;
	connect(network: string, containerId: string, aliases: string[]): Promise<void>;
	disconnect(network: string, containerId: string): Promise<void>;
	createVolume(name: string, labels: Record<string, string>): Promise<void>;
	/** Refuses a volume that does not carry the `compose-medic.kept` label: only our own copies are ever removed. */
	removeKeptVolume(name: string): Promise<void>;
	/** Refuses a volume that this very run did not make to move data into: its label `compose-medic.made` carries the run's id. */
	removeMadeVolume(name: string, id: string): Promise<void>;
	/**
	 * Removes one image by its id, nothing else that it was made of. Nothing happens when it is gone.
	 * @throws Trouble when it has a name or a container, running or not, was made from it
	 */
	removeDanglingImage(id: string): Promise<void>;
	/** Removes one record of the build cache by its id, if nothing uses it. Nothing happens when it is gone. */
	removeBuildCache(id: string): Promise<void>;
	/** As `exec`, and what the command prints goes piece by piece to `sink`, however much it is; `stdout` stays empty. */
	execInto(
		containerId: string,
		command: string[],
		options: {user?: string; stdin?: string | Secret; environment?: Record<string, string>; signal?: AbortSignal},
		sink: (chunk: Buffer) => Promise<void>,
	): Promise<ExecResult>;
	/** Runs a command in a running container that may change it. Secrets by `stdin` only. */
	exec(
		containerId: string,
		command: string[],
		options?: {user?: string; stdin?: string | Secret; environment?: Record<string, string>; signal?: AbortSignal},
	): Promise<ExecResult>;
	/**
	 * A labelled throwaway container with writable mounts: fixed `name` (a name conflict is the lock), `--network none` unless named.
	 * With `detach` it keeps running and its id comes back in `stdout`; the caller removes it.
	 */
	helper(
		request: {
			name: string;
			image: string;
			command: string[];
			entrypoint?: string[];
			user?: string;
			network?: string;
			environment?: Record<string, string>;
			stdin?: string | Secret;
			mounts: {source: string; destination: string; readonly: boolean}[];
			onLine?: (line: string) => void;
			detach?: boolean;
		},
		signal?: AbortSignal,
	): Promise<ExecResult>;
	/** Removes a helper container by the name it was given; nothing happens when it is not there. Refuses any other container. */
	removeHelper(name: string): Promise<void>;
	/** Recreates one container with other environment or the same one, when no Compose file is at hand. Keeps the old container renamed until the new one runs. */
	recreate(container: Container, environment: ReadonlyMap<string, Secret> | null): Promise<string>;
};

export type FileWriter = {
	/** tmp + fsync + rename, keeping mode and owner. */
	write(path: string, content: Buffer): Promise<void>;
	/** Moves within one file system. */
	rename(from: string, to: string): Promise<void>;
	/**
	 * Works out what a file shall hold and keeps its bytes of now and of then, before anything is written. Passwords are opened
	 * here only, so that a step never holds one.
	 * @throws Trouble when the file can't be read or has no place for the change
	 */
	prepare(path: string, change: FileChange): Promise<PreparedChange>;
	/**
	 * Gives a file the kept bytes, or removes it for null. Nothing happens when it has them already.
	 * @param from hashes that the file may have now (null: it is not there)
	 * @throws Trouble `file-changed` when somebody edited it in between
	 */
	become(path: string, reference: string | null, from: readonly (string | null)[]): Promise<void>;
};

/** The user's own `docker compose` with the project's own files. Never passes `-y`. */
export type ComposeRunner = {
	/** False when the files named by the container labels can't be read here. */
	available(): Promise<boolean>;
	up(
		services: string[],
		options: {forceRecreate: boolean; noDeps: boolean},
		onLine?: (line: string) => void,
	): Promise<ExecResult>;
	/**
	 * Variables that a container has and that the files as they are now would leave blank: they came from the shell in which the
	 * deployment was started, or the files have changed since. Names only.
	 */
	wouldBlank(service: string): Promise<string[]>;
	/** The command as a person would type it. */
	like(arguments_: string[]): string;
};

/** Small private files of a fix: old verifiers, byte copies, evidence. Mode 0600 in a 0700 folder; never in the journal itself. */
export type Keep = {
	put(name: string, content: Buffer | Secret): Promise<string>;
	get(reference: string): Promise<Buffer | null>;
	getSecret(reference: string): Promise<Secret | null>;
	directory: string;
};

export type RowFiles = {
	/** Writes what a query gives into a private file that is whole or not there. `rows` counts its lines. */
	save(
		service: string,
		query: string,
		options: {database: string; superuser: string | null},
		name: string,
	): Promise<{reference: string; rows: number; bytes: number}>;
	/** The lines of such a file in pieces of about so many bytes, each ending with a line feed. */
	pieces(reference: string, size: number): AsyncIterable<string>;
};

/** Everything a step may use. Only `engine/apply` makes one, after consent and under the lock. */
export type WriteWorld = ReadWorld & {
	write: {
		docker: DockerWriter;
		files: FileWriter;
		compose: ComposeRunner;
		/**
		 * Runs SQL that changes the server, over the chosen route, by standard input, with statement logging off for the session.
		 * One statement per line; rows come back in `stdout`, one line each, columns parted by tabs.
		 * Throws Trouble on any SQL error; the message carries no statement text.
		 */
		sql(service: string, sql: string | Secret, options: SqlOptions): Promise<ExecResult>;
		/** Rows of a table as files of a fix, in the form of `COPY`, compressed. Over the local socket only. */
		rows: RowFiles;
	};
	keep: Keep;
	signal: AbortSignal;
	/** The password of a credential by its id, or of a setting the user typed (`setting:<key>`), or a candidate (`candidate:<n>`). */
	secret(reference: string): Promise<Secret>;
};

/**
 * `socket`: local trust. `tcp`: an old password is known. `socket-line`: a temporary line in pg_hba.conf, reload, exact restore.
 * `private-server` and `single-user`: the server is stopped and nobody else mounts its data.
 */
export const sqlRoutes = ['socket', 'tcp', 'socket-line', 'private-server', 'single-user'] as const;
export type SqlRoute = (typeof sqlRoutes)[number];

/** How one call of `write.sql` reaches its server. */
export type SqlOptions = {
	route: SqlRoute;
	/** Default `template1`: it exists in every cluster. */
	database?: string;
	/** For `tcp`: reference of the password that is known to work, as `secret()` takes it. */
	credential?: string;
	/** For `tcp`: the role that password belongs to. */
	user?: string;
	/** Bootstrap superuser as far as it is known; without it the role the container was initialised with. */
	superuser?: string | null;
	signal?: AbortSignal;
};
