import type {Text} from './say.ts';
import type {Secret} from './secret.ts';

/** The deployment that is ill. */
export type Target =
	| {kind: 'compose'; project: string; stack: string}
	| {kind: 'database'; name: string; stack: 'external'; host: string; port: number; database: string; user: string};

/** One container as the engine's inspect call tells it. Environment values stay behind `environment()`. */
export type Container = {
	id: string;
	name: string;
	service: string;
	project: string;
	oneOff: boolean;
	image: string;
	imageId: string;
	status: 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';
	pid: number;
	exitCode: number;
	oomKilled: boolean;
	error: string;
	health: 'healthy' | 'unhealthy' | 'starting' | null;
	/** The check behind `health`, with its last run; absent where there is none. */
	healthCheck?: HealthCheck;
	restartCount: number;
	restartPolicy: string;
	createdAt: string;
	startedAt: string | null;
	finishedAt: string | null;
	tty: boolean;
	user: string;
	entrypoint: string[];
	command: string[];
	memoryLimit: number;
	/** Memory and swap together, bytes; -1 without a limit, 0 where the engine decides. Older records lack it. */
	memorySwap?: number;
	shmSize: number;
	/** Whose shared memory it uses: `private`, `shareable`, `host`, `container:…`. Older records lack it. */
	ipcMode?: string;
	networkMode: string;
	networks: {name: string; id: string; address: string; prefix: number; aliases: string[]}[];
	ports: {container: number; protocol: string; hostAddress: string; hostPort: number}[];
	/** What the configuration asks to publish, also when the container could not be started. */
	wantedPorts: {container: number; protocol: string; hostAddress: string; hostPort: number}[];
	mounts: {
		type: 'bind' | 'volume' | 'tmpfs' | string;
		name: string;
		source: string;
		destination: string;
		writable: boolean;
	}[];
	/** What the container is not allowed to do; older records lack it. */
	confinement?: Confinement;
	labels: Record<string, string>;
};

/** `test` as the engine keeps it (`CMD …`, `CMD-SHELL …`); `interval` in milliseconds; `exitCode` and `output` of the last run, once there was one. */
export type HealthCheck = {
	test: string[];
	interval: number;
	failures: number;
	exitCode: number | null;
	output: string;
};

export type Confinement = {
	/** `read_only: true`: its own layer can't be written. */
	readOnlyRoot: boolean;
	capDrop: string[];
	/** Whether a seccomp profile of the user's own replaces the engine's: `none` means the engine's. */
	seccomp: 'none' | 'own' | 'unconfined';
	/** Where memory file systems are mounted, which nobody sees from outside. */
	tmpfs: string[];
	/** Seconds that the engine waits between the stop signal and SIGKILL. */
	stopGrace: number;
};

/** Whose a thing at a path inside a container is, as the head of its archive tells it. */
export type PathOwner = {
	kind: 'file' | 'folder' | 'link' | 'other';
	uid: number;
	gid: number;
	/** Permission bits only, such as 0o700. */
	mode: number;
	size: number;
	modifiedAt: string;
};

export type ImageState = {
	id: string;
	os: string;
	architecture: string;
	variant: string;
	entrypoint: string[];
	command: string[];
	/** `PG_MAJOR`, as images of PostgreSQL carry it. Older records lack it. */
	postgresMajor?: string | null;
};

/** What the engine remembers of a container's life; it keeps the last 256 events of all containers only. */
export type ContainerEvent = {at: string; action: string; signal: string | null; exitCode: number | null};

/** Room in a file system, in bytes and in files; null where it does not count files. */
export type Space = {bytes: number; free: number; files: number | null; freeFiles: number | null};

/** What the user's own `docker compose config` says about the project's files. */
export type ComposeVerdict =
	| {kind: 'valid'}
	| {kind: 'invalid'; says: string}
	/** Nobody to ask: no files here, no Compose, or it did not answer. */
	| {kind: 'no-judge'; why: Text};

export type LogLine = {at: string; stream: 'stdout' | 'stderr'; text: string};
export type ExecResult = {code: number; stdout: string; stderr: string};

export type EngineInfo = {
	version: string;
	apiVersion: string;
	id: string;
	os: string;
	architecture: string;
	endpoint: string;
	context: string;
};

/** A throwaway container: labelled `compose-medic.helper`, removed afterwards, no published port, never the user's volumes writable. */
export type HelperRequest = {
	image: string;
	/** A network name, or 'none'. */
	network: string;
	command: string[];
	user?: string;
	environment?: Record<string, string>;
	/** Goes to standard input and nowhere else. */
	stdin?: string | Secret;
	/** Read-only mounts: volume name or host path -> path inside. */
	mounts?: {source: string; destination: string}[];
};

/** The engine as probes see it. The transport behind it refuses every call that could change something, except exec and helpers. */
export type DockerReader = {
	info(signal?: AbortSignal): Promise<EngineInfo>;
	/** All containers of a Compose project, or of the whole engine, inspected. */
	containers(project: string | null, signal?: AbortSignal): Promise<Container[]>;
	/** The projects that have containers, with how many run. */
	projects(): Promise<ComposeProject[]>;
	environment(containerId: string): Promise<ReadonlyMap<string, Secret>>;
	/** Cleaned of control sequences and redacted; `since` cuts at a container's last start. `until` gives the oldest lines before a moment. */
	logs(
		containerId: string,
		options: {since?: string; until?: string; tail: number; signal?: AbortSignal},
	): Promise<LogLine[]>;
	/** Runs a read-only command in a running container. `stdin` never reaches argv or the events API. */
	exec(
		containerId: string,
		command: string[],
		options?: {user?: string; stdin?: string | Secret; environment?: Record<string, string>; signal?: AbortSignal},
	): Promise<ExecResult>;
	helper(request: HelperRequest, signal?: AbortSignal): Promise<ExecResult>;
	/** One file out of a container, running or not (archive call); its first bytes only when told. Null when it is not there. */
	readFile(
		containerId: string,
		path: string,
		firstBytes?: number,
	): Promise<{content: Buffer; mode: number; uid: number; gid: number; modifiedAt: string} | null>;
	/** What stands at a path of a container, running or not, without its content. Null when there is nothing. */
	stat(containerId: string, path: string): Promise<PathStat | null>;
	/** The first names in a folder of a container, running or not; file contents are not kept. Null when there is no such folder. */
	list(containerId: string, path: string): Promise<Listing | null>;
	/** Command lines of the processes in a container, redacted; null when nothing runs in it. */
	processes(containerId: string): Promise<string[] | null>;
	/** Owner and mode of a path in a container, running or not. Links are not followed. Null when it is not there. */
	owner(containerId: string, path: string): Promise<PathOwner | null>;
	/** An image that the engine has, by name or id; null when it has none of that name. */
	image(reference: string): Promise<ImageState | null>;
	/** What happened to a container between two moments, as far as the engine remembers; oldest first. */
	events(containerId: string, since: string, until: string, signal?: AbortSignal): Promise<ContainerEvent[]>;
	/** The files directly in a folder of a container, running or not (archive call). Null when there is no such folder. */
	readFolder(containerId: string, path: string): Promise<{name: string; content: Buffer}[] | null>;
	networks(): Promise<{id: string; name: string; project: string | null; internal: boolean}[]>;
	volume(name: string): Promise<Volume | null>;
	/** Every volume of the engine. */
	volumes(): Promise<Volume[]>;
	/** What images and the build cache take. The engine adds up files for it: ask rarely. */
	diskUse(signal?: AbortSignal): Promise<DiskUse>;
	/** Where the engine writes a container's log as JSON lines, on its own machine; null for other kinds of logging. */
	logFile(containerId: string): Promise<string | null>;
};

export type Volume = {
	name: string;
	driver: string;
	mountpoint: string;
	labels: Record<string, string>;
	/** Not its birth: engines up to 20.10 tell when the folder was last changed. */
	createdAt: string;
	/** The host path, or the export of a file server, that the volume only leads to (`driver_opts`); null for an ordinary one. */
	device: string | null;
	/** All driver options; none for a plain folder of the engine's own. */
	options?: Record<string, string>;
};

/** Bytes that an image or a record of the build cache has for itself: what it shares with others would stay. */
export type DiskUse = {
	/** `names` are tags; an image without one that no container uses is what people call dangling. */
	images: {id: string; names: string[]; bytes: number; containers: number; createdAt: string}[];
	cache: {id: string; says: string; bytes: number; inUse: boolean; shared: boolean}[];
};

/** `mode` is the permission bits; a link is told as such, with where it leads. */
export type PathStat = {
	kind: 'file' | 'directory' | 'link';
	size: number;
	mode: number;
	modifiedAt: string;
	linkTarget: string | null;
};

/** Names relative to the folder, `a` or `a/b`, in alphabetical order. `truncated`: there may be more. */
export type Listing = {
	entries: {name: string; kind: 'file' | 'directory' | 'link'; size: number; modifiedAt: string}[];
	truncated: boolean;
};

export type ComposeProject = {
	name: string;
	running: number;
	total: number;
	workingDirectory: string | null;
	configFiles: string[];
	stack: string;
};

/** The files of the deployment, read as bytes: encodings and line ends are evidence. */
export type FileReader = {
	read(path: string): Promise<Buffer | null>;
	exists(path: string): Promise<boolean>;
	/** Room in the file system of this machine that holds a path. Null when there is no such path, or nobody may look. */
	space(path: string): Promise<Space | null>;
};

/** Where the project's files are: as its containers remember it, else as the chosen folder tells. */
export type ComposePlace = {
	workingDirectory: string | null;
	/** Absolute paths, in the order in which Compose reads them. They need not exist here. */
	configFiles: string[];
	/** `--env-file`, else `.env` beside the Compose file; a later one wins. They need not exist. */
	envFiles: string[];
	/** The value of a variable where this program runs: Compose would let it win over the env files. */
	shell(name: string): string | undefined;
};

/**
 * One set of database credentials as a client would use them. `password` is opened only in `world/` and `core/scram.ts`.
 * `id` is stable over runs: service and the name of the variable or URL that carries the password.
 */
export type Credential = {
	id: string;
	service: string;
	/** `client` logs in with it; `initial` is what the server's container would use at its first start only. */
	purpose: 'client' | 'initial';
	user: string;
	host: string;
	port: number;
	database: string;
	password: Secret | null;
	/** Where each part comes from, for editing: variable names in the container. */
	variables: {
		user: string | null;
		password: string | null;
		host: string | null;
		port: string | null;
		database: string | null;
		url: string | null;
	};
	/** Set when the password came out of a file named by a `*_FILE` variable. */
	passwordFile: string | null;
	/** Why a URL could not be read as the client would read it, or null. */
	urlProblem: string | null;
};

export type LoginResult =
	| {outcome: 'ok'; systemIdentifier: string | null; address: string | null}
	| {outcome: 'refused'; sqlstate: string | null; message: string}
	| {outcome: 'no-host' | 'no-answer' | 'no-route' | 'not-ready' | 'closed'; message: string};

/** How to talk to one PostgreSQL server for reading. */
export type DatabaseReader = {
	/**
	 * Runs one read-only query over the local socket as the bootstrap superuser (the role with oid 10) and returns its rows as JSON.
	 * Throws `Trouble` with code `socket-denied` when the socket asks for a password, `not-running` when there is no server.
	 */
	query(sql: string, options?: {database?: string; signal?: AbortSignal}): Promise<Record<string, unknown>[]>;
	/** A real TCP login by the client's own route; never by loopback inside the server's container. */
	login(credential: Credential, options?: {password?: Secret; signal?: AbortSignal}): Promise<LoginResult>;
	/** Readiness over TCP to the server's own address, without a login: pg_isready's answer. */
	ready(signal?: AbortSignal): Promise<'accepting' | 'rejecting' | 'no-answer'>;
};

/** What probes may use. Nothing here can change a deployment. */
export type ReadWorld = {
	target: Target;
	now(): Date;
	docker: DockerReader;
	files: FileReader;
	/** Where the Compose files and the env file of the target are. */
	place(): Promise<ComposePlace>;
	/**
	 * Whether a program of this machine listens on a TCP port, and its name as far as this user may see it. Null when nobody does
	 * or when the engine is on another machine.
	 */
	listener(port: number): Promise<{says: string | null} | null>;
	/** Asks the user's own Compose whether it accepts the project's files. It reads them and nothing else. */
	composeVerdict(signal: AbortSignal): Promise<ComposeVerdict>;
	/** @param service the Compose service of the server, or '' for an external database */
	database(service: string): DatabaseReader;
	/** All credentials that the target's services hold, with their passwords. */
	credentials(): Promise<Credential[]>;
	/** Candidates that a person or an old file offers (`COMPOSE_MEDIC_PASSWORD`, older copies of `.env`): never shown, only tried. */
	candidates(): Promise<{from: Text; password: Secret}[]>;
	/** Takes out every secret this run has met. One engine for screen, JSON, records and journals. */
	redact(text: string): string;
};
