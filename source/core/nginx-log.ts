/** A request that nginx could not pass on, from its error log. */
export type UpstreamFailure = {
	at: string;
	/** What nginx says before `while connecting to upstream`. */
	says: string;
	/** The address that it tried; null where it had none. */
	address: string | null;
	port: number | null;
	/** A name that did not resolve, or of a group without a live server. */
	name: string | null;
};

type Event = {at: string; text: string};

const failure =
	/(?:\*\d+ )?(connect\(\) failed \([^)]*\)|upstream timed out \([^)]*\)|no live upstreams|(?:recv\(\) failed \([^)]*\)|upstream prematurely closed connection)) while (?:connecting to upstream|reading response header)/;
const tried = /upstream: "(?:\w+:\/\/)?(\[[^\]]+\]|[^":/]+)(?::(\d+))?/;
const unresolved = /host not found in upstream "([^":]+)(?::\d+)?"|([\w.-]+) could not be resolved/;
const began = /signal 1 \(SIGHUP\) received|reconfiguring$|start worker processes$/;
const isAddress = /^[\d.]+$|:/;

/** Failures since nginx last read its configuration, oldest first. */
export function upstreamFailures(events: readonly Event[]): UpstreamFailure[] {
	const since = events.findLastIndex(({text}) => began.test(text));
	return events.slice(since + 1).flatMap(({at, text}): UpstreamFailure[] => {
		const says = failure.exec(text)?.[1];
		if (says) {
			const [, host = '', port] = tried.exec(text) ?? [];
			const address = isAddress.test(host) ? host.replace(/^\[|\]$/g, '') : null;
			return [{at, says, address, port: port ? Number(port) : null, name: address === null && host ? host : null}];
		}
		const [whole, first, second] = unresolved.exec(text) ?? [];
		return whole ? [{at, says: whole, address: null, port: null, name: first ?? second ?? null}] : [];
	});
}
