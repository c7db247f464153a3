import type {Fix} from '../../source/core/fix.ts';
import {Secret} from '../../source/core/secret.ts';

type Settings = Readonly<Record<string, string>>;

const isSecret = ({settings}: Fix, name: string): boolean => settings.some(({key, secret}) => secret && key === name);

/** What a plan may see of them: of a secret only that it is there. */
export const plainOf = (fix: Fix, settings: Settings): Record<string, string> =>
	Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, isSecret(fix, key) ? '•' : value]));

/** What steps may open. */
export const secretsOf = (fix: Fix, settings: Settings): Map<string, Secret> =>
	new Map(
		Object.entries(settings)
			.filter(([key]) => isSecret(fix, key))
			.map(([key, value]) => [key, new Secret(value)]),
	);
