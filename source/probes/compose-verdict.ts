import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';
import type {ComposeVerdict} from '../core/world.ts';

/** Slower than reading the files ourselves: asked only when something points at them. */
export const composeVerdict = probe<ComposeVerdict>({
	id: 'compose-verdict',
	title: () => say('Asking Compose whether it accepts its files', '询问 Compose 是否接受其文件'),
	like: () => 'docker compose config --quiet',
	deadline: 6000,
	observe: ({composeVerdict: ask}, _about, signal) => ask(signal),
});
