import type {Chapter} from '../core/walk.ts';
import {access} from './access.ts';
import {data} from './data.ts';
import {engine} from './engine.ts';
import {engineAge} from './engine-age.ts';
import {network} from './network.ts';
import {project} from './project.ts';
import {projectLeftovers} from './project-leftovers.ts';
import {resources} from './resources.ts';
import {servicesChapters} from './services.ts';
import {startUp} from './start-up.ts';
import {startUpFiles} from './start-up-files.ts';

/** The decision tree: its chapters in causal order. What stands first can cause what stands after it. */
export const chapters: readonly Chapter[] = [
	engine,
	engineAge,
	...project,
	...projectLeftovers,
	...startUp,
	startUpFiles,
	...resources,
	network,
	access,
	...data,
	...servicesChapters,
];
