import {createHash} from 'node:crypto';
import {tellEntries} from '../core/compose-dotenv.ts';
import {variableOrigins, variableUses} from '../core/compose-uses.ts';
import {harmless} from '../core/hostile.ts';
import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';
import {readComposeProject} from '../world/compose-project.ts';

const hashOf = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

/** One assignment of `.env` as written, without its value. */
export type EnvEntry = {
	file: string;
	line: number;
	name: string;
	/** What would change the value on its way into a container. */
	oddities: (
		| 'carriage-return'
		| 'inner-quote'
		| 'unquoted-dollar'
		| 'unquoted-hash'
		| 'backslash'
		| 'empty'
		| 'duplicate'
		| 'byte-order-mark'
	)[];
	/** Names after an unquoted `$` that Compose would replace. */
	references: string[];
};

/** A variable that the Compose files refer to. */
export type VariableUse = {
	name: string;
	service: string;
	key: string;
	hasDefault: boolean;
	required: boolean;
	defined: boolean;
	file: string;
};

export type ComposeFiles = {
	readable: boolean;
	/** Hash of each file by path, for a plan's fingerprint. */
	hashes: Record<string, string>;
	composeFiles: string[];
	envFile: string | null;
	entries: EnvEntry[];
	uses: VariableUse[];
	/** For each service and variable of its environment: the `.env` names that its value is made of, and whether the value is nothing else. */
	origins: {
		service: string;
		variable: string;
		names: string[];
		whole: boolean;
		literal: boolean;
		file: string;
		line: number;
	}[];
	/** What keeps the files from being read as Compose reads them, or null. */
	problem: string | null;
};

export const composeFiles = probe<ComposeFiles>({
	id: 'compose-files',
	title: () => say('Reading the Compose files and `.env`', '读取 Compose 文件与 `.env`'),
	like: () => 'cat docker-compose.yaml .env',
	async observe(world) {
		const place = await world.place();
		const read = await readComposeProject(place, world.files);
		const own = [...read.services.values()];
		const envPaths = place.envFiles;
		const texts = [...read.env, ...[...read.serviceEnv.values()].flat()];
		const once = new Map(texts.flatMap(({path, text}) => (text ? [[path, text] as const] : [])));
		return {
			readable: place.configFiles.length > 0 && read.missing.length === 0,
			hashes: Object.fromEntries([...read.contents].map(([path, content]) => [path, hashOf(content)])),
			composeFiles: place.configFiles,
			envFile: envPaths.at(-1) ?? null,
			entries: [...once].flatMap(([path, text]) => tellEntries(path, text, read.lookup)),
			uses: own.flatMap(service => variableUses(service, read.lookup)),
			origins: own.flatMap(service =>
				variableOrigins(service, read.serviceEnv.get(service.name) ?? [], envPaths, read.lookup),
			),
			problem: read.problem && harmless(read.problem, text => world.redact(text)),
		};
	},
});
