import {mkdir, writeFile} from 'node:fs/promises';
import {spawn} from '@lydell/node-pty';
import headless from '@xterm/headless';

// Draws the pictures of the README from the running program: `npm run pictures`.
// The demo plays itself in a pseudo-terminal, and what stands on its screen at the chosen moments becomes an SVG.

type Moment = {file: string; when: RegExp; command: string[]; columns: number; rows: number};

const cell = {width: 8.4, height: 18};
const palette = ['#1d1f21', '#e06c75', '#98c379', '#e5c07b', '#61afef', '#c678dd', '#56b6c2', '#d0d4dc', '#7f848e', '#f08a92', '#b5e08f', '#f5d896', '#8cc8ff', '#dfa0ee', '#7fd6e0', '#ffffff'];
const background = '#1e2127';
const foreground = '#d0d4dc';

const escape = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

function colourOf(value: number, isDefault: boolean, isRgb: boolean, otherwise: string): string {
	if (isDefault) return otherwise;
	if (isRgb) return `#${value.toString(16).padStart(6, '0')}`;
	if (value < 16) return palette[value] ?? otherwise;
	if (value >= 232) {
		const grey = (8 + (value - 232) * 10).toString(16).padStart(2, '0');
		return `#${grey}${grey}${grey}`;
	}
	const index = value - 16;
	const part = (n: number): string => (n === 0 ? 0 : 55 + n * 40).toString(16).padStart(2, '0');
	return `#${part(Math.floor(index / 36))}${part(Math.floor(index / 6) % 6)}${part(index % 6)}`;
}

function draw(terminal: InstanceType<typeof headless.Terminal>): string {
	const {cols, rows, buffer} = terminal;
	const lines: string[] = [];
	for (let row = 0; row < rows; row++) {
		const line = buffer.active.getLine(buffer.active.viewportY + row);
		let x = 0;
		while (line && x < cols) {
			const at = line.getCell(x);
			const width = Math.max(1, at?.getWidth() ?? 1);
			const chars = at?.getChars() ?? '';
			if (at && chars.trim()) {
				const swapped = at.isInverse() !== 0;
				const fg = colourOf(at.getFgColor(), at.isFgDefault(), at.isFgRGB(), foreground);
				const bg = colourOf(at.getBgColor(), at.isBgDefault(), at.isBgRGB(), background);
				const weight = at.isBold() ? ' font-weight="bold"' : '';
				const dim = at.isDim() ? ' opacity="0.6"' : '';
				if (swapped || !at.isBgDefault())
					lines.push(`<rect x="${(x * cell.width).toFixed(1)}" y="${row * cell.height}" width="${(width * cell.width).toFixed(1)}" height="${cell.height}" fill="${swapped ? fg : bg}"/>`);
				lines.push(`<text x="${(x * cell.width).toFixed(1)}" y="${row * cell.height + 13}" textLength="${(width * cell.width).toFixed(1)}" fill="${swapped ? bg : fg}"${weight}${dim}>${escape(chars)}</text>`);
			}
			x += width;
		}
	}
	const [width, height] = [cols * cell.width + 24, rows * cell.height + 24];
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width.toFixed(0)} ${height}" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'Noto Sans Mono CJK SC', monospace" font-size="14">`,
		`<rect width="100%" height="100%" rx="8" fill="${background}"/>`,
		'<g transform="translate(12 12)">',
		...lines,
		'</g></svg>',
		'',
	].join('\n');
}

/** Plays one command and draws each of its moments when its words first stand on the screen and have settled. */
async function play(command: string[], moments: readonly Moment[]): Promise<void> {
	const [{columns, rows}] = moments as [Moment];
	const terminal = new headless.Terminal({cols: columns, rows, allowProposedApi: true});
	const [program = 'node', ...arguments_] = command;
	const child = spawn(program, arguments_, {cols: columns, rows, name: 'xterm-256color', env: {...process.env, LANG: 'en_US.UTF-8', LC_ALL: '', NO_COLOR: '', FORCE_COLOR: '3', CI: ''} as Record<string, string>});
	const left = [...moments];
	const screen = (): string =>
		Array.from({length: rows}, (_, row) => terminal.buffer.active.getLine(terminal.buffer.active.viewportY + row)?.translateToString(true) ?? '').join('\n');
	let settling: NodeJS.Timeout | undefined;
	const done: Promise<void>[] = [];
	child.onData(data =>
		terminal.write(data, () => {
			clearTimeout(settling);
			settling = setTimeout(() => {
				const next = left[0];
				if (next?.when.test(screen())) {
					left.shift();
					done.push(writeFile(next.file, draw(terminal)));
					console.log(`drew ${next.file}`);
				}
			}, 250);
		}),
	);
	const code = await new Promise<number>(resolve => child.onExit(({exitCode}) => resolve(exitCode)));
	await Promise.all(done);
	if (code !== 0 || left.length > 0) throw new Error(`${command.join(' ')} ended with ${code}; not drawn: ${left.map(({file}) => file).join(', ')}`);
}

await mkdir('media', {recursive: true});
const demo = ['node', 'dist/demo.js', '--auto'];
const size = {columns: 100, rows: 34};
await play(demo, [
	{file: 'media/causes.svg', when: /keeps an older password[\s\S]*certain/, command: demo, ...size},
	{file: 'media/plan.svg', when: /ALTER ROLE[\s\S]*go on/, command: demo, ...size},
	{file: 'media/proof.svg', when: /Cured, and that is proven/, command: demo, ...size},
]);
