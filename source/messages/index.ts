import type {Message} from '../core/message.ts';
import {accessMessages} from './access.ts';
import {dataMessages} from './data.ts';
import {engineMessages} from './engine.ts';
import {exactMessages} from './exact.ts';
import {networkMessages} from './network.ts';
import {projectMessages} from './project.ts';
import {resourcesMessages} from './resources.ts';
import {servicesMessages} from './services.ts';
import {startUpMessages} from './start-up.ts';

/** Every sentence that this program understands, in the order of the chapters. */
export const messages: readonly Message[] = [
	...engineMessages,
	...projectMessages,
	...startUpMessages,
	...resourcesMessages,
	...networkMessages,
	...accessMessages,
	...dataMessages,
	...servicesMessages,
	...exactMessages,
];

const byId = new Map(messages.map(message => [message.id, message]));

/** @throws when no message has this id */
export function messageNamed(id: string): Message {
	const message = byId.get(id);
	if (!message) throw new Error(`no message is called ${id}`);
	return message;
}
