/** Colours by meaning. Without colour every function gives its text back. */
export type Paint = Record<'good' | 'bad' | 'warning' | 'command' | 'quiet' | 'strong', (text: string) => string>;

const code = (open: number, close: number) => (text: string) => `\x1b[${open}m${text}\x1b[${close}m`;
const same = (text: string): string => text;

/** Sixteen plain colours only: they follow the user's own theme. */
export const paintFor = (colour: boolean): Paint =>
	colour
		? {
				good: code(32, 39),
				bad: code(31, 39),
				warning: code(33, 39),
				command: code(36, 39),
				quiet: code(2, 22),
				strong: code(1, 22),
			}
		: {good: same, bad: same, warning: same, command: same, quiet: same, strong: same};

/** Colours what stands between backticks, also across a line break. Without colour the backticks stay. */
export function paintCommands(text: string, paint: Paint): string {
	if (paint.command === same) return text;
	return text.replace(/`([^`]+)`/g, (_, command: string) =>
		command
			.split('\n')
			.map(part => part.replace(/\S.*/, paint.command))
			.join('\n'),
	);
}
