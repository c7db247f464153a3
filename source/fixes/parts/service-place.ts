import {dirname, resolve} from 'node:path';
import {type Path, type Raw, rawAt, readService} from '../../core/compose-service.ts';
import {editServices, type ServiceEdit} from '../../core/compose-service-edit.ts';
import {parseTemplate, type Reference, substitute} from '../../core/compose-template.ts';
import {lineDiff} from '../../core/line-diff.ts';
import type {See} from '../../core/probe.ts';
import {say, type Text} from '../../core/say.ts';
import {composeFiles} from '../../probes/compose-files.ts';
import {composeTexts} from '../../probes/compose-texts.ts';
import {deploymentState} from '../../probes/deployment-state.ts';
import type {Edits, NoPlace} from './configure.ts';
import {setEnv} from './configure.ts';
import {unique} from './hands.ts';
import {envPlace} from './places.ts';

/** A part of a Compose file that defines a service, or one that it extends. */
export type Layer = {file: string; service: string; raw: Raw};

const deepest = 10;

/** Everything that defines a service, the nearest first: later files over earlier ones, then what they extend. */
export function layersOf(see: See, service: string): Layer[] {
	const {files} = see(composeTexts);
	const {workingDirectory} = see(deploymentState);
	const layer = (file: string, name: string): Layer[] => {
		const text = files.find(({path}) => path === file)?.text;
		const raw = text === undefined ? null : readService(text, name);
		return raw === null ? [] : [{file, service: name, raw}];
	};
	const parents = ({file, raw}: Layer, depth: number): Layer[] => {
		const short = rawAt(raw, ['extends']);
		const name = typeof short === 'string' ? short : rawAt(raw, ['extends', 'service']);
		const from = rawAt(raw, ['extends', 'file']);
		if (typeof name !== 'string' || depth > deepest) return [];
		// Compose takes the path from the file that names it; older ones from the project's folder.
		const written = typeof from === 'string' ? filledIn(see, from) : null;
		const paths = written === null ? [file] : [dirname(file), workingDirectory ?? '/'].map(at => resolve(at, written));
		const place = paths.find(path => files.some(one => one.path === path));
		return layer(place ?? '', name).flatMap(one => [one, ...parents(one, depth + 1)]);
	};
	const own = files
		.filter(({extended}) => !extended)
		.flatMap(({path}) => layer(path, service))
		.toReversed();
	return own.flatMap(one => [one, ...parents(one, 0)]);
}

export type Setting = {file: string; service: string; path: Path; text: string};

/** The nearest place where a value is written, as it is written there. */
export function settingOf(see: See, service: string, path: Path): Setting | null {
	for (const {file, service: name, raw} of layersOf(see, service)) {
		const text = rawAt(raw, path);
		if (typeof text === 'string') return {file, service: name, path, text};
	}
	return null;
}

/** The value of a text after Compose has replaced what it refers to. */
export const filledIn = (see: See, text: string): string => {
	const {values} = see(composeTexts);
	return substitute(parseTemplate(text).pieces, name => values[name]);
};

/** The one name that a text, or a part of it, consists of; null when there is more to it. */
export function referenceIn(text: string): Reference | null {
	const [piece, ...more] = parseTemplate(text).pieces;
	return piece !== undefined && typeof piece !== 'string' && more.length === 0 && piece.kind !== 'replacement'
		? piece
		: null;
}

const noFiles = say(
	'The Compose files can’t be read here, so there is no place to change it for good.',
	'此处无法读取 Compose 文件，因此没有可以长期生效的修改位置。',
);

/** Why the editor would not do it, as the plan tells it. */
const unsafe = (file: string, error: unknown): Text => {
	const why = error instanceof Error ? error.message : String(error);
	return say(`\`${file}\` can’t be changed safely: ${why}`, `无法安全地修改 \`${file}\`：${why}`);
};

/**
 * Edits of one service in one file, with the lines that they change.
 * @returns why not, when the file has no safe place for them: that is known before anything is written
 */
export function editsIn(
	see: See,
	file: string,
	service: string,
	edits: readonly ServiceEdit[],
	made: readonly string[] = [service],
): Edits | NoPlace {
	const text = see(composeTexts).files.find(({path}) => path === file)?.text;
	if (text === undefined || text === '') return {why: noFiles};
	try {
		const shown = lineDiff(file, text, editServices(text, service, edits));
		return {
			steps: [{step: 'edit-compose-service', input: {file, service, edits: [...edits], shown}}],
			files: [file],
			services: [...made],
		};
	} catch (error) {
		return {why: unsafe(file, error)};
	}
}

/** Several changes as one: those of one service in one file become one step, so that the lines that are shown are those that change. */
export function allOf(see: See, changes: readonly (Edits | NoPlace)[]): Edits | NoPlace {
	const without = changes.find(change => 'why' in change);
	if (without) return without;
	const found = changes.filter(change => 'steps' in change);
	const calls = found.flatMap(({steps}) => steps);
	const merged: Edits = {
		steps: [],
		files: unique(found.flatMap(({files}) => files)),
		services: unique(found.flatMap(({services}) => services)),
	};
	const done = new Set<string>();
	for (const call of calls) {
		const {file, service} = call.input as {file: string; service: string};
		if (call.step !== 'edit-compose-service') merged.steps.push(call);
		else if (!done.has(`${file}\0${service}`)) {
			done.add(`${file}\0${service}`);
			const edits = calls.flatMap(one =>
				one.step === call.step && one.input['file'] === file && one.input['service'] === service
					? (one.input['edits'] as ServiceEdit[])
					: [],
			);
			const whole = editsIn(see, file, service, edits);
			if ('why' in whole) return whole;
			merged.steps.push(...whole.steps);
		}
	}
	return merged;
}

/** Whether anything but this key of this service is made of a name. Handing it on under its own name counts as nothing. */
export const servesOthers = (see: See, name: string, service: string, key: string): boolean =>
	see(composeFiles).uses.some(
		use => use.name === name && use.key !== name && (use.service !== service || use.key !== key),
	) || see(composeFiles).entries.some(entry => entry.references.includes(name));

/**
 * Sets one value of a service where the user would: in `.env` when it is a variable that nothing else is made of, else in the
 * file and at the place where it is written; a value that is nowhere yet goes into the first file that defines the service.
 */
export function changeSetting(see: See, service: string, path: Path, to: string): Edits | NoPlace {
	const files = see(composeFiles);
	if (!files.readable) return {why: noFiles};
	const setting = settingOf(see, service, path);
	if (!setting) {
		const base = layersOf(see, service).findLast(layer => layer.service === service);
		return base ? editsIn(see, base.file, service, [{path, was: null, to}]) : {why: noFiles};
	}
	const name = referenceIn(setting.text)?.name;
	if (name !== undefined && !servesOthers(see, name, service, String(path[0]))) {
		const place = envPlace(files, name);
		if (place.kind === 'nowhere') return {why: place.why};
		if (place.kind === 'env')
			return {steps: [setEnv(place.file, name, {value: {text: to}})], files: [place.file], services: [service]};
	}
	return setting.service === service
		? editsIn(see, setting.file, service, [{path, was: setting.text, to}])
		: ownOver(see, service, path, to);
}

/** A value that is inherited by `extends` is overridden in the service itself: others may extend the same one. */
function ownOver(see: See, service: string, path: Path, to: string): Edits | NoPlace {
	const base = layersOf(see, service).find(layer => layer.service === service);
	return base ? editsIn(see, base.file, service, [{path, was: null, to}]) : {why: noFiles};
}
