import type {Fault} from '../fault.ts';
import * as access from './access.ts';
import * as drift from './client-password-drift.ts';
import * as data from './data.ts';
import * as dataDirectory from './data-directory.ts';
import * as dataDoubles from './data-doubles.ts';
import * as doubles from './doubles.ts';
import * as doublesOfResources from './doubles-resources.ts';
import * as mangled from './env-value-mangled.ts';
import {envVariableMissing} from './env-variable-missing.ts';
import * as healthy from './healthy.ts';
import * as initScripts from './init-scripts.ts';
import * as network from './network.ts';
import * as newerImage from './newer-image.ts';
import {portAlreadyAllocated} from './port-already-allocated.ts';
import * as leftovers from './project-leftovers.ts';
import * as resources from './resources.ts';
import * as roles from './roles.ts';
import * as schema from './schema.ts';
import * as services from './services.ts';
import * as sessions from './sessions.ts';
import * as stale from './stale-volume-password.ts';
import * as startUp from './start-up.ts';
import * as startUpFiles from './start-up-files.ts';
import * as startUpLookAlikes from './start-up-look-alikes.ts';
import * as traps from './traps.ts';

/** All of the lab, in the order of the chapters: project, start-up, network, access, data, services; then what is well, or looks ill. */
export const faults: readonly Fault[] = [
	envVariableMissing,
	...Object.values(mangled),
	portAlreadyAllocated,
	...Object.values(leftovers),
	...Object.values(startUp),
	...Object.values(dataDirectory),
	...Object.values(newerImage),
	...Object.values(initScripts),
	...Object.values(startUpFiles),
	...Object.values(resources),
	...Object.values(network),
	...Object.values(stale),
	...Object.values(drift),
	...Object.values(roles),
	...Object.values(access),
	...Object.values(sessions),
	...Object.values(data),
	...Object.values(schema),
	...Object.values(dataDoubles),
	...Object.values(services),
	...Object.values(doubles),
	...Object.values(doublesOfResources),
	...Object.values(healthy),
	...Object.values(traps),
	...Object.values(startUpLookAlikes),
];
