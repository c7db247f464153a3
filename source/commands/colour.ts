/** Where colour is decided: an option, then NO_COLOR, then FORCE_COLOR, then whether it is a terminal that knows colours. */
export function wantsColour(
	given: {color: boolean | undefined},
	environment: NodeJS.ProcessEnv,
	isTerminal: boolean,
): boolean {
	if (given.color === false) return false;
	// https://no-color.org: any value but the empty one.
	if (environment.NO_COLOR) return false;
	if (environment.FORCE_COLOR !== undefined) return !['0', 'false'].includes(environment.FORCE_COLOR);
	return isTerminal && environment.TERM !== 'dumb';
}

/**
 * Tells the libraries that decide for themselves while they are loaded: chalk does not know NO_COLOR, and Node.js warns
 * when both variables are set. Call it before anything that colours is imported.
 */
export function announceColour(colour: boolean, environment: NodeJS.ProcessEnv): void {
	delete environment.NO_COLOR;
	if (!colour) environment.FORCE_COLOR = '0';
	else if (environment.FORCE_COLOR === '0' || environment.FORCE_COLOR === 'false') delete environment.FORCE_COLOR;
}
