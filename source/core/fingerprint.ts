import {composeFiles} from '../probes/compose-files.ts';
import {databaseCatalog} from '../probes/database-catalog.ts';
import {isExternal, serviceNamed} from '../probes/looks.ts';
import {ifKnown} from './if-known.ts';
import type {See} from './probe.ts';
import {say, type Text} from './say.ts';

/** What a plan assumes about the world: `container:db` -> id, `image:db` -> id, `file:/x/.env` -> sha256, `system-identifier:db`. */
export type Fingerprint = Record<string, string>;

const separator = ':';

function systemIdentifier(see: See, database: string): string | null {
	const reading = ifKnown(() => see(databaseCatalog, database));
	return reading?.kind === 'read' ? reading.catalog.systemIdentifier : null;
}

/** The present value of one assumption; null when it can't be told any more. Files are told by `compose-files`. */
export function presentValue(see: See, key: string): string | null {
	const at = key.indexOf(separator);
	const subject = key.slice(at + 1);
	switch (key.slice(0, at)) {
		case 'container':
			return isExternal(see) ? null : (serviceNamed(see, subject)?.id ?? null);
		case 'image':
			return isExternal(see) ? null : (serviceNamed(see, subject)?.imageId ?? null);
		case 'system-identifier':
			return systemIdentifier(see, subject);
		case 'file':
			return ifKnown(() => see(composeFiles))?.hashes[subject] ?? null;
		default:
			return null;
	}
}

/**
 * Takes the fingerprint of what a plan relies on. What can't be told is left out: nothing can be said to have moved there.
 * @param parts.services whose container and image must stay the same
 * @param parts.files that are edited
 * @param parts.database whose cluster must stay the same
 */
export function assume(
	see: See,
	{services = [], files = [], database}: {services?: readonly string[]; files?: readonly string[]; database?: string},
): Fingerprint {
	const keys = [
		...services.flatMap(service => [`container:${service}`, `image:${service}`]),
		...files.map(file => `file:${file}`),
		...(database === undefined ? [] : [`system-identifier:${database}`]),
	];
	return Object.fromEntries(
		keys.flatMap(key => {
			const value = presentValue(see, key);
			return value === null || value === '' ? [] : [[key, value] as const];
		}),
	);
}

const nouns: Record<string, (subject: string) => Text> = {
	container: subject => say(`the container of \`${subject}\` is another one`, `\`${subject}\` 的容器已换成另一个`),
	image: subject => say(`\`${subject}\` runs from another image`, `\`${subject}\` 使用的镜像已改变`),
	file: subject => say(`\`${subject}\` was edited`, `\`${subject}\` 已被修改`),
	'system-identifier': subject =>
		subject === ''
			? say(
					'the server keeps another database cluster, or can’t be asked any more',
					'服务器的数据库集群已不同，或已无法查询',
				)
			: say(
					`\`${subject}\` keeps another database cluster, or can’t be asked any more`,
					`\`${subject}\` 的数据库集群已不同，或已无法查询`,
				),
};

/** What has moved since the plan was made, in words. */
export const moved = (assumes: Fingerprint, present: (key: string) => string | null): Text[] =>
	Object.entries(assumes).flatMap(([key, value]) => {
		if (present(key) === value) return [];
		const at = key.indexOf(separator);
		const words = nouns[key.slice(0, at)];
		return [words ? words(key.slice(at + 1)) : say(`\`${key}\` changed`, `\`${key}\` 已改变`)];
	});
