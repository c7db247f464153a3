import type Docker from 'dockerode';
import type {Redactor} from '../core/redact.ts';
import type {ReadWorld} from '../core/world.ts';
import type {Endpoint} from './docker-endpoint.ts';

/** What a world is made of. Only `grantWrites` gets it, and only for an approved plan. */
export type WorldParts = {
	world: ReadWorld;
	/** A connection to the engine that may do anything. Every write through it makes the reader forget what it saw. */
	connect(): Docker;
	/** Null for an external database. */
	endpoint: Endpoint | null;
	redactor: Redactor;
	/** Drops what was read a moment ago, for changes that did not go through the engine. */
	forget(): void;
	/** The variables that this program was started with. */
	environment: Readonly<Record<string, string | undefined>>;
};
