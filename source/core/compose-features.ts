import {parse} from 'yaml';

/** Something in a Compose file that only engines from a certain version on know. */
export type Feature = {
	service: string;
	/** As it is written, such as `healthcheck.start_interval`. */
	key: string;
	/** The first version of the Engine API that has it, and the first engine. */
	api: string;
	engine: string;
};

type Tree = Record<string, unknown>;

const asTree = (value: unknown): Tree =>
	value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Tree) : {};
const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** What is asked of the engine when a container is made (Docker Engine API, version history). */
const features: {key: string; api: string; engine: string; uses: (service: Tree) => boolean}[] = [
	{
		key: 'healthcheck.start_interval',
		api: '1.44',
		engine: '25.0',
		uses: ({healthcheck}) => asTree(healthcheck)['start_interval'] !== undefined,
	},
	{
		key: 'networks.*.mac_address',
		api: '1.44',
		engine: '25.0',
		uses: ({networks}) => Object.values(asTree(networks)).some(one => asTree(one)['mac_address'] !== undefined),
	},
	{
		key: 'volumes: type image',
		api: '1.48',
		engine: '28.0',
		uses: ({volumes}) => asList(volumes).some(one => asTree(one)['type'] === 'image'),
	},
];

function readTree(text: string): Tree {
	try {
		return asTree(parse(text, {merge: true, logLevel: 'silent'}));
	} catch {
		// Whoever asks about features has asked before whether the file can be read.
		return {};
	}
}

/** @param texts Compose files; what they say is not interpolated, since a feature is a key and no value */
export const featuresIn = (texts: readonly string[]): Feature[] =>
	texts.flatMap(text =>
		Object.entries(asTree(readTree(text)['services'])).flatMap(([service, value]) =>
			features.flatMap(({uses, ...feature}) => (uses(asTree(value)) ? [{service, ...feature}] : [])),
		),
	);

/** Whether an engine that speaks one version of the API is older than another version. */
export function isOlder(api: string, than: string): boolean {
	const [major = 0, minor = 0] = api.split('.').map(Number);
	const [wantedMajor = 0, wantedMinor = 0] = than.split('.').map(Number);
	return major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
}
