import {existsSync} from 'node:fs';
import {readdir, readFile, writeFile} from 'node:fs/promises';
import {describe, expect, test} from 'vitest';
import {languages} from '../../source/core/say.ts';
import {widthOf} from '../../source/core/width.ts';
import {View} from '../../source/ui/view.tsx';
import {scenes} from '../gallery.ts';
import {render} from '../helpers/render.tsx';

// Times of this machine stand on some screens; the golden frames know one zone only.
process.env.TZ = 'UTC';

const folder = new URL('../frames/', import.meta.url);
const rewriting = process.env.UPDATE_FRAMES === '1';
const sizes = [
	{columns: 40, rows: 24},
	{columns: 60, rows: 30},
	{columns: 100, rows: 34},
	{columns: 160, rows: 40},
] as const;

const names = new Set<string>();

const drawn = (
	scene: (typeof scenes)[number],
	language: 'en' | 'zh',
	size: {columns: number; rows: number},
	color: boolean,
): string => {
	const screen = render(
		<View session={scene.session()} size={size} language={language} color={color} now={scene.now} />,
		size,
	);
	const frame = screen.frame();
	screen.unmount();
	return frame;
};

describe.each(languages)('%s', language => {
	describe.each(sizes)('$columns columns', size => {
		test.each(scenes)('$id', async scene => {
			const name = `${scene.id}.${language}.${size.columns}.txt`;
			names.add(name);
			const frame = drawn(scene, language, size, false);
			const lines = frame.split('\n');
			expect(lines.length, 'taller than its terminal').toBeLessThanOrEqual(size.rows);
			for (const line of lines)
				expect(widthOf(line), `wider than its terminal: ${line}`).toBeLessThanOrEqual(size.columns);
			const file = new URL(name, folder);
			if (rewriting) await writeFile(file, `${frame}\n`);
			expect(`${frame}\n`).toBe(
				existsSync(file) ? await readFile(file, 'utf8') : 'no golden frame: UPDATE_FRAMES=1 writes it',
			);
		});
	});
});

// Colours take the backticks away and so break lines elsewhere; small windows cut the most.
describe.each([
	{columns: 80, rows: 24},
	{columns: 40, rows: 15},
])('with colours in $columns×$rows', size => {
	test.each(languages)('every scene fits: %s', language => {
		for (const scene of scenes) {
			const lines = drawn(scene, language, size, true).split('\n');
			expect(lines.length, scene.id).toBeLessThanOrEqual(size.rows);
			for (const line of lines) expect(widthOf(line), `${scene.id}: ${line}`).toBeLessThanOrEqual(size.columns);
		}
	});
});

test('nothing hostile reaches the terminal', () => {
	for (const scene of scenes.filter(({id}) => id.startsWith('hostile')))
		expect(drawn(scene, 'en', {columns: 100, rows: 60}, false)).not.toMatch(
			/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u200b]/,
		);
});

test('every golden frame belongs to a scene', async () => {
	expect((await readdir(folder)).filter(name => !names.has(name))).toEqual([]);
});
