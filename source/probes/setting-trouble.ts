import type {See} from '../core/probe.ts';
import type {LogEvent} from './service-log.ts';
import {serviceLog} from './service-log.ts';
import {settingsFiles} from './settings-files.ts';
import {saidAtStart} from './start-looks.ts';

/** A setting that a server does not start with, and where it stands. */
export type SettingTrouble = {
	event: LogEvent;
	kind: 'parameter' | 'syntax' | 'access-rule' | 'missing-file' | 'library' | 'certificate';
	/** Null when the server names none. */
	parameter: string | null;
	place: {kind: 'command'} | {kind: 'file'; path: string; line: number | null} | null;
	/** Whether the place was found by looking, not only by the server's word. */
	confirmed: boolean;
};

const messages = [
	['settings-syntax', 'syntax'],
	['parameter-unknown', 'parameter'],
	['parameter-value-refused', 'parameter'],
	['settings-contradict', 'parameter'],
	['rules-not-loaded', 'access-rule'],
	['library-not-found', 'library'],
	['certificate-not-loaded', 'certificate'],
	['settings-file-missing', 'missing-file'],
	['settings-contain-errors', 'syntax'],
] as const;

const severe = new Set(['FATAL', 'PANIC', 'LOG', 'error', 'info']);

/** What the server says it does not start for, most exact first. Null when it says nothing of the kind. */
function complaint(see: See, database: string): {event: LogEvent; kind: SettingTrouble['kind']} | null {
	for (const [message, kind] of messages) {
		const event = saidAtStart(see, database, message);
		// A client's mistake is an ERROR; what stops a start is not.
		if (event && severe.has(event.severity)) return {event, kind};
	}
	return null;
}

/** Latest first, those of the run before included. */
function eventsAtStart(see: See, database: string): LogEvent[] {
	const {lastWords = [], events} = see(serviceLog, database);
	return [...lastWords, ...events].toReversed();
}

/** The line of pg_hba.conf that the server could not read: said before its last word. */
function ruleLine(see: See, database: string): {path: string; line: number; event: LogEvent} | null {
	for (const event of eventsAtStart(see, database)) {
		const [, line, path] = /line (\d+) of configuration file "([^"]+)"/.exec(event.detail ?? '') ?? [];
		if (line && path) return {path, line: Number(line), event};
	}
	return null;
}

/**
 * The setting that a complaint is about. A certificate's is the one that is written somewhere: usually only `ssl` is.
 * @param written names of all settings that are written anywhere
 */
function parameterIn(text: string, kind: SettingTrouble['kind'], written: readonly string[]): string | null {
	if (kind === 'library') return 'shared_preload_libraries';
	if (kind === 'certificate') {
		const own = /private key/.test(text) ? 'ssl_key_file' : /root/.test(text) ? 'ssl_ca_file' : 'ssl_cert_file';
		return written.includes(own) ? own : 'ssl';
	}
	const named = /parameter "([^"]+)"/.exec(text)?.[1] ?? /^(\w+) \(\d+\)/.exec(text)?.[1];
	return named?.toLowerCase() ?? null;
}

/** @returns null when the server did not stop for its settings */
export function settingTrouble(see: See, database: string): SettingTrouble | null {
	const found = complaint(see, database);
	if (!found) return null;
	const {event, kind} = found;
	const {files, command, hba} = see(settingsFiles, database);
	if (kind === 'access-rule') {
		const rule = ruleLine(see, database);
		if (!rule) {
			const missing = saidAtStart(see, database, 'settings-file-missing');
			const path = /"([^"]+)"/.exec(missing?.text ?? '')?.[1] ?? null;
			const place = path ? ({kind: 'file', path, line: null} as const) : null;
			return {
				event: missing ?? event,
				kind: missing ? 'missing-file' : kind,
				parameter: null,
				place,
				confirmed: missing !== null && hba === null,
			};
		}
		const {path, line} = rule;
		const confirmed = hba?.path === path && hba.lines.includes(line);
		return {event: rule.event, kind, parameter: null, place: {kind: 'file', path, line}, confirmed};
	}
	if (kind === 'missing-file') {
		const path = /"([^"]+)"/.exec(event.text)?.[1] ?? '';
		const confirmed = files.some(file => file.path === path && !file.present);
		return {event, kind, parameter: null, place: {kind: 'file', path, line: null}, confirmed};
	}
	const parameter = parameterIn(event.text, kind, [
		...command,
		...files.flatMap(({lines}) => lines.map(({name}) => name)),
	]);
	const [, path, line] = /in file "([^"]+)" line (\d+)/.exec(event.text) ?? [];
	if (path && line) {
		const at = files.find(file => file.path === path)?.lines.find(one => one.line === Number(line));
		const confirmed = at !== undefined && (parameter === null || at.name === parameter);
		return {event, kind, parameter, place: {kind: 'file', path, line: Number(line)}, confirmed};
	}
	if (parameter === null) {
		const file = /configuration file "([^"]+)"/.exec(event.text)?.[1];
		return {event, kind, parameter, place: file ? {kind: 'file', path: file, line: null} : null, confirmed: false};
	}
	// The command line wins over the files, and the file of ALTER SYSTEM over the other (PostgreSQL manual, "Setting Parameters").
	if (command.includes(parameter)) return {event, kind, parameter, place: {kind: 'command'}, confirmed: true};
	for (const file of files.toReversed()) {
		const last = file.lines.findLast(({name}) => name === parameter);
		if (last) return {event, kind, parameter, place: {kind: 'file', path: file.path, line: last.line}, confirmed: true};
	}
	return {event, kind, parameter, place: null, confirmed: false};
}
