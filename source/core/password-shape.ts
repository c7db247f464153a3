import type {PasswordShape} from './deployment.ts';

/**
 * How a password is written, told without telling it.
 * @param wellKnown the defaults that are published with the application
 */
export const shapeOf = (password: string, wellKnown: readonly string[]): PasswordShape => ({
	length: Array.from(password).length,
	carriageReturn: /[\r\n]/.test(password),
	quoted: /^(["']).*\1\s*$/s.test(password),
	outerSpace: /^[ \t]|[ \t]$/.test(password),
	dollar: password.includes('$'),
	reserved: /[^A-Za-z0-9._~-]/.test(password),
	wellKnown: wellKnown.includes(password),
});
