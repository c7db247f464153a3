type Dependent = {service: string; dependsOn: readonly string[]};

/**
 * The names in the order in which they must be started: each after those it depends on, also through services that are not named.
 * Ties keep the given order; a circle is cut where it is met.
 * @param reversed for stopping: each before those it depends on
 */
export function dependencyOrder(names: readonly string[], services: readonly Dependent[], reversed = false): string[] {
	const dependencies = new Map(services.map(({service, dependsOn}) => [service, dependsOn]));
	const ordered: string[] = [];
	const seen = new Set<string>();
	const visit = (name: string): void => {
		if (seen.has(name)) return;
		seen.add(name);
		for (const dependency of dependencies.get(name) ?? []) visit(dependency);
		if (names.includes(name)) ordered.push(name);
	};
	for (const name of names) visit(name);
	return reversed ? ordered.reverse() : ordered;
}
