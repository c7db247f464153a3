/** The part of a Compose file that the lab uses. */
export type Service = {
	image: string;
	command?: string | string[];
	profiles?: string[];
	restart?: string;
	environment?: Record<string, string> | string[];
	ports?: string[];
	volumes?: string[];
	secrets?: string[];
	depends_on?: Record<string, {condition: string; required?: boolean}> | string[];
	healthcheck?: {test: string[]; interval: string; timeout: string; retries: number; start_period?: string};
	mem_limit?: string;
	shm_size?: string;
	user?: string;
	entrypoint?: string[];
	read_only?: boolean;
	tmpfs?: string[];
	security_opt?: string[];
	cap_drop?: string[];
	stop_signal?: string;
	pull_policy?: string;
	labels?: Record<string, string>;
};

export type ComposeFile = {
	services: Record<string, Service>;
	networks: Record<string, {labels: Record<string, string>}>;
	volumes?: Record<
		string,
		| {labels: Record<string, string>; driver_opts?: Record<string, string>}
		| {external: true; name: string; labels?: never; driver_opts?: never}
	>;
	secrets?: Record<string, {file: string}>;
};

/** Changes a service of a file that is about to be written. */
export function amend(file: ComposeFile, name: string, change: Partial<Service>): void {
	const service = file.services[name];
	if (!service) throw new Error(`the file has no service ${name}`);
	Object.assign(service, change);
}

/** Gives a service other values for some of its variables. */
export function setVariables(file: ComposeFile, name: string, values: Record<string, string>): void {
	const {environment} = file.services[name] ?? {};
	if (!environment || Array.isArray(environment)) throw new Error(`the variables of ${name} cannot be changed`);
	Object.assign(environment, values);
}

/** A variable of `.env` as a Compose file refers to it, with the value that holds when it is not set. */
export const variable = (name: string, preset?: string): string =>
	preset === undefined ? `\${${name}}` : `\${${name}:-${preset}}`;

/** One line of `.env`, written as it stands, or a comment. */
export const environmentText = (values: Record<string, string>): string =>
	Object.entries(values)
		.map(([name, value]) => `${name}=${value}\n`)
		.join('');

/** How every application container runs: the client bundle, read-only, and nothing else. */
export const application = (role: string): Service => ({
	image: 'node:20-alpine',
	command: ['node', '--max-semi-space-size=1', '/client.mjs'],
	restart: 'always',
	environment: {ROLE: role},
	volumes: ['./client.mjs:/client.mjs:ro'],
});
