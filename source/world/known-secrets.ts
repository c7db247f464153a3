import type {Redactor} from '../core/redact.ts';
import {Secret} from '../core/secret.ts';

/** Names of variables and options whose value is a secret. `PWD` alone is the shell's own folder. */
const secretName =
	/(?:pass(?:word|wd|phrase)?|pwd|secret|token|credentials?|requirepass|masterauth|(?:api|access|private|encrypt(?:ion)?|signing|account|shared|auth|license|secret)[_.-]?key|(?:^|_)auth)$/i;
/** Any other key is one when it is long enough to be random; a short one names something. */
const keyName = /[_-]key$/i;
const keyLength = 16;
const harmlessName = /^(?:PWD|OLDPWD)$/;
const publicName = /(?:user(?:name)?|_?host|database|_db|dbname|db_name)$/i;
const urlPassword = /:\/\/[^\s:/?#@]*:([^\s]+)@/;

/** A flag such as `--requirepass`, or a line of a redis configuration. */
const secretFlag = /^-{0,2}(?:requirepass|masterauth|[\w-]*(?:password|passwd|secret|token))$/i;

const decoded = (text: string): string => {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
};

/**
 * Tells the redactor every secret that a container was started with, before anything of that container is shown: values of
 * variables with telling names, passwords in URLs, and words after telling options. Names of users, hosts and databases stay
 * readable where a password happens to equal one.
 */
export function rememberSecrets(
	redactor: Redactor,
	environment: readonly (readonly [string, string])[],
	command: readonly string[],
	names: readonly string[],
): void {
	const open = [...names, ...environment.filter(([name]) => publicName.test(name)).map(([, value]) => value)];
	const add = (value: string | undefined): void => {
		if (value) redactor.add(new Secret(value), {public: open});
	};
	for (const [name, value] of environment) {
		const named = secretName.test(name) || (keyName.test(name) && value.length >= keyLength);
		if (named && !harmlessName.test(name)) add(value);
		const inUrl = urlPassword.exec(value)?.[1];
		// `http://host:8080/@scope` has a port and a path there.
		if (inUrl && !/^\d{1,5}\//.test(inUrl)) for (const password of new Set([inUrl, decoded(inUrl)])) add(password);
	}
	for (const [index, word] of command.entries()) {
		if (secretFlag.test(word)) add(command[index + 1]);
		add(/^-{1,2}[\w-]*(?:password|passwd|secret|token|requirepass)=(.+)$/i.exec(word)?.[1]);
	}
}

/** The same redactor, which is told each thing once: it prepares itself anew after every addition. */
export function eachOnce(redactor: Redactor): Redactor {
	const told = new Set<string>();
	return {
		add(secret, options) {
			const key = JSON.stringify([secret.open(), options?.public ?? []]);
			if (told.has(key)) return;
			told.add(key);
			redactor.add(secret, options);
		},
		redact: text => redactor.redact(text),
	};
}
