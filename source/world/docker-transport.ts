import {connect as connectPlain, isIP, type Socket} from 'node:net';
import {connect as connectTls} from 'node:tls';
import Docker from 'dockerode';
import type {Endpoint} from './docker-endpoint.ts';
import {engineError} from './docker-errors.ts';
import type {ReadGuard} from './read-guard.ts';

type DialOptions = {
	path: string;
	method?: string;
	isStream?: boolean;
	hijack?: boolean;
	openStdin?: boolean;
	statusCodes: Record<number, string | boolean>;
	options?: Record<string, unknown>;
	abortSignal?: AbortSignal;
};
type Callback = (error: unknown, result?: unknown) => void;

/** The part of docker-modem that we stand in front of. */
type Modem = {
	dial(options: DialOptions, callback: Callback): void;
	buildRequest(options: Record<string, unknown>, context: DialOptions, data: unknown, callback: Callback): void;
};

export type TransportOptions = {
	endpoint: Endpoint;
	/** Cleans what the engine says in errors. */
	redact: (text: string) => string;
	/** Without one every call passes: only an approved plan may have such a connection. */
	guard?: ReadGuard;
	/** Called before and after each call that is no GET or HEAD. */
	onWrite?: () => void;
};

/** Milliseconds of silence after which a plain question counts as unanswered. */
const patience = 20_000;

const lost = (): Error => Object.assign(new Error('the engine closed the connection'), {code: 'ECONNRESET'});
const silent = (): Error => Object.assign(new Error(`no answer within ${patience / 1000} s`), {code: 'ETIMEDOUT'});

function openSocket({address, tls}: Endpoint): Socket {
	if ('socketPath' in address) return connectPlain(address.socketPath);
	if (!tls) return connectPlain(address);
	const {verify, ...files} = tls;
	return connectTls({
		...address,
		...files,
		rejectUnauthorized: verify,
		servername: isIP(address.host) ? undefined : address.host,
	});
}

/** The library reads DOCKER_HOST by itself and lets it win over what it is told, so it must not see the variable. */
function withoutDockerHost<Result>(make: () => Result): Result {
	const {DOCKER_HOST: host} = process.env;
	delete process.env['DOCKER_HOST'];
	try {
		return make();
	} finally {
		if (host !== undefined) process.env['DOCKER_HOST'] = host;
	}
}

const isRead = (method: string): boolean => method === 'GET' || method === 'HEAD';

/**
 * A client of the engine. Each call has a connection of its own, so that one which breaks in the middle fails that call:
 * docker-modem alone would wait for the rest of the answer for ever. Errors come out as `Trouble`.
 */
export function connectEngine({endpoint, redact, guard, onWrite}: TransportOptions): Docker {
	const docker = withoutDockerHost(() => new Docker({socketPath: '/', protocol: 'http'}));
	const modem = docker.modem as unknown as Modem;
	const dial = modem.dial.bind(modem);
	const buildRequest = modem.buildRequest.bind(modem);

	modem.dial = (options, callback) => {
		const method = options.method ?? 'GET';
		guard?.check({method, path: options.path, body: options.options?.['_body'] ?? options.options});
		if (!isRead(method)) onWrite?.();
		dial(options, (error, result) => {
			if (!isRead(method)) onWrite?.();
			if (error) return callback(engineError(error, endpoint.url, redact), null);
			const id = (result as {Id?: unknown} | null)?.Id;
			if (/^\/containers\/create\b/.test(options.path) && typeof id === 'string') guard?.created(id);
			callback(null, result);
		});
	};

	modem.buildRequest = (options, context, data, callback) => {
		let answered = false;
		const answer: Callback = (error, result) => {
			if (answered) return;
			answered = true;
			callback(error, result);
		};
		const createConnection = (): Socket => {
			const socket = openSocket(endpoint);
			if (!context.isStream && isRead(context.method ?? 'GET'))
				socket.setTimeout(patience, () => socket.destroy(silent()));
			// The end of a whole answer is told a moment after its connection closes.
			socket.once('close', () => setTimeout(answer, 50, lost()));
			return socket;
		};
		buildRequest({...options, createConnection}, context, data, answer);
	};

	return docker;
}

/** Sends one request and hands back the answer's body as it comes, for calls that the client library would collect first. */
export const streamFrom = (
	docker: Docker,
	options: Omit<DialOptions, 'isStream' | 'statusCodes'>,
): Promise<NodeJS.ReadableStream> =>
	new Promise((resolve, reject) => {
		const statusCodes = {
			200: true,
			400: 'bad parameter',
			404: 'not found',
			409: 'conflict',
			500: 'server error',
			501: 'not supported',
		};
		(docker.modem as unknown as Modem).dial({...options, isStream: true, statusCodes}, (error, result) => {
			if (error) reject(error);
			else resolve(result as NodeJS.ReadableStream);
		});
	});
