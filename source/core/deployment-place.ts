import {isAbsolute, join, resolve} from 'node:path';
import type {ComposePlace, Container} from './world.ts';

const label = 'com.docker.compose.project.';

/**
 * Where Compose read a project's files, from the labels of its newest container. Compose v1 wrote the files relative to the
 * project's folder; v2 writes absolute paths, and the env file only when one was named on the command line.
 * @returns null when no container carries such labels
 */
export function placeFromLabels(containers: readonly Container[]): Omit<ComposePlace, 'shell'> | null {
	const [newest] = containers
		.filter(({labels}) => labels[`${label}working_dir`])
		.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
	const workingDirectory = newest?.labels[`${label}working_dir`];
	if (!newest || !workingDirectory) return null;
	const absolute = (path: string): string => (isAbsolute(path) ? path : resolve(workingDirectory, path));
	const paths = (key: string): string[] =>
		(newest.labels[`${label}${key}`] ?? '')
			.split(',')
			.filter(path => path !== '' && path !== '-')
			.map(absolute);
	const envFiles = paths('environment_file');
	return {
		workingDirectory,
		configFiles: paths('config_files'),
		envFiles: envFiles.length > 0 ? envFiles : [join(workingDirectory, '.env')],
	};
}

/** Compose's own rule for a project's name: lower case, letters, digits, `-` and `_`, the first one a letter or digit. */
export const normalisedName = (name: string): string =>
	name
		.toLowerCase()
		.replace(/[^-_a-z0-9]/g, '')
		.replace(/^[_-]+/, '');
