import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';
import {dataPathOf} from './data-directory.ts';
import {presentContainer} from './present-container.ts';

/** A server's settings as they are written, by name and place. Values stay where they are: some hold passwords. */
export type SettingsFiles = {
	files: {
		path: string;
		present: boolean;
		/** Each assignment; a line that is none has an empty name. */
		lines: {line: number; name: string}[];
	}[];
	/** Settings on the command line. */
	command: string[];
	/** Lines of pg_hba.conf that hold a rule; null when the file is not there. */
	hba: {path: string; lines: number[]} | null;
};

/** `name = value` or `name value`; `#` starts a comment (PostgreSQL manual, "Parameter Interaction via the Configuration File"). */
const assignment = /^\s*([A-Za-z_][\w$.]*)\s*(?:=|\s)\s*\S/;

const meaningful = (text: string): {line: number; text: string}[] =>
	text
		.split('\n')
		.map((line, index) => ({line: index + 1, text: line}))
		.filter(({text}) => !/^\s*(?:#|$)/.test(text));

/** A dash is as good as an underscore on the command line (postgres(1)). */
const plainName = (name: string): string => name.toLowerCase().replaceAll('-', '_');

/** Names after `-c` and `--` of a server's command line, in order; `-c` may stand apart from its setting. */
export function commandSettings(words: readonly string[]): string[] {
	// A whole command may be one word of a shell.
	const all = words.flatMap(word => (/\s-c\s/.test(word) ? word.split(/\s+/) : [word]));
	return all.flatMap((word, index) => {
		const own = /^(?:--|-c)([A-Za-z_][\w.-]*)=/.exec(word)?.[1];
		const apart = all[index - 1] === '-c' ? /^["']?([A-Za-z_][\w.-]*)=/.exec(word)?.[1] : undefined;
		const name = own ?? apart;
		return name === undefined ? [] : [plainName(name)];
	});
}

function pathOf(words: readonly string[], name: string): string | null {
	for (const word of words) {
		const value = new RegExp(`^(?:--|-c)?${name}=(/.*)$`).exec(word)?.[1];
		if (value) return value;
	}
	return null;
}

export const settingsFiles = probe<SettingsFiles>({
	id: 'settings-files',
	title: service => say(`Reading the settings files of ${service} from outside`, `从外部读取 ${service} 的配置文件`),
	like: service => `docker cp <${service} container>:$PGDATA/postgresql.conf -`,
	deadline: 8000,
	async observe(world, service) {
		const container = await presentContainer(world, service);
		if (!container) throw new Error('there is no container');
		const data = await dataPathOf(world, container);
		const words = [...container.entrypoint, ...container.command];
		const paths = [pathOf(words, 'config_file') ?? `${data}/postgresql.conf`, `${data}/postgresql.auto.conf`];
		const hbaPath = pathOf(words, 'hba_file') ?? `${data}/pg_hba.conf`;
		const read = async (path: string): Promise<string | null> =>
			(await world.docker.readFile(container.id, path))?.content.toString('latin1') ?? null;
		const [hba, ...texts] = await Promise.all([hbaPath, ...paths].map(read));
		return {
			files: paths.map((path, index) => {
				const text = texts[index] ?? null;
				return {
					path,
					present: text !== null,
					lines: meaningful(text ?? '').map(({line, text}) => ({
						line,
						name: plainName(assignment.exec(text)?.[1] ?? ''),
					})),
				};
			}),
			command: commandSettings(words),
			hba: hba == null ? null : {path: hbaPath, lines: meaningful(hba).map(({line}) => line)},
		};
	},
});
