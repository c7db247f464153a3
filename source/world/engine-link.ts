import type Docker from 'dockerode';
import type {Redactor} from '../core/redact.ts';
import type {DockerReader} from '../core/world.ts';
import {type CachingReader, createDockerReader} from './docker.ts';
import type {Endpoint} from './docker-endpoint.ts';
import {connectEngine} from './docker-transport.ts';
import {ReadGuard} from './read-guard.ts';

/** The way to one engine: a reader whose transport refuses writes, and the means to make a connection that does not. */
export type EngineLink = {
	endpoint: Endpoint;
	reader: CachingReader;
	/** For an approved plan only. Every write through it makes the reader forget what it saw. */
	connect(): Docker;
};

/** Nothing is sent yet. */
export function linkEngine(endpoint: Endpoint, redactor: Redactor): EngineLink {
	const redact = (text: string): string => redactor.redact(text);
	const guard = new ReadGuard();
	const docker = connectEngine({endpoint, redact, guard});
	const reader = createDockerReader({docker, endpoint, redactor, guard});
	return {endpoint, reader, connect: () => connectEngine({endpoint, redact, onWrite: reader.forget})};
}

/** A reader that answers every question with the same trouble. */
export function brokenReader(trouble: Error): DockerReader {
	const refuse = (): Promise<never> => Promise.reject(trouble);
	return {
		info: refuse,
		containers: refuse,
		projects: refuse,
		environment: refuse,
		logs: refuse,
		exec: refuse,
		helper: refuse,
		readFile: refuse,
		stat: refuse,
		list: refuse,
		processes: refuse,
		owner: refuse,
		image: refuse,
		events: refuse,
		readFolder: refuse,
		networks: refuse,
		volume: refuse,
		volumes: refuse,
		diskUse: refuse,
		logFile: refuse,
	};
}
