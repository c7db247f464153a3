/** One request to the engine, as it would go over the wire. */
export type EngineCall = {method: string; path: string; body: unknown};

export const helperLabel = 'compose-medic.helper';

const container = /^\/containers\/([^/?]+)(?:\/(start|attach|wait))?$/;

type CreateBody = {
	Labels?: Record<string, unknown>;
	HostConfig?: {
		Binds?: string[] | null;
		Mounts?: {ReadOnly?: boolean; Type?: string}[] | null;
		PortBindings?: Record<string, unknown> | null;
		PublishAllPorts?: boolean;
		Privileged?: boolean;
		CapAdd?: string[] | null;
		VolumesFrom?: string[] | null;
		PidMode?: string;
		RestartPolicy?: {Name?: string};
	};
};

const refused = (reason: string, {method, path}: EngineCall): Error =>
	new Error(`the read-only connection to the engine refuses ${method} ${path}: ${reason}`);

/** Why a container that is about to be created is no harmless helper, or null. */
function objection(body: unknown): string | null {
	const {Labels: labels, HostConfig: host = {}} = (body ?? {}) as CreateBody;
	if (!labels?.[helperLabel]) return `it carries no label ${helperLabel}`;
	if (host.Binds?.some(bind => !/:(?:[^:]*,)?ro(?:,[^:]*)?$/.test(bind))) return 'a bind is writable';
	if (host.Mounts?.some(mount => mount.Type !== 'tmpfs' && mount.ReadOnly !== true)) return 'a mount is writable';
	if (host.PublishAllPorts || Object.keys(host.PortBindings ?? {}).length > 0) return 'it publishes a port';
	if (host.Privileged || (host.CapAdd ?? []).length > 0) return 'it asks for privileges';
	if ((host.VolumesFrom ?? []).length > 0) return 'it takes the volumes of another container';
	if (host.PidMode) return 'it shares process ids';
	return host.RestartPolicy?.Name && host.RestartPolicy.Name !== 'no' ? 'it would restart' : null;
}

/**
 * Lets through what can't change a deployment: GET and HEAD, exec, and throwaway containers that were created through this very
 * guard with our label, read-only mounts, no port and no privilege. Everything else throws, before anything is sent.
 */
export class ReadGuard {
	readonly #own = new Set<string>();

	/** @throws Error, which is a bug of ours: no code path of a reader asks for a write */
	check(call: EngineCall): void {
		const path = (call.path.split('?')[0] ?? '').replace(/^\/v\d[\d.]*(?=\/)/, '');
		const method = call.method.toUpperCase();
		if (method === 'GET' || method === 'HEAD') {
			// The websocket variant of attach is a GET that feeds standard input.
			if (/\/attach\/ws$/.test(path)) throw refused('it could feed a container', call);
			return;
		}
		if (method === 'POST' && (/^\/containers\/[^/]+\/exec$/.test(path) || /^\/exec\/[^/]+\/start$/.test(path))) return;
		if (method === 'POST' && path === '/containers/create') {
			const reason = objection(call.body);
			if (reason) throw refused(reason, call);
			return;
		}
		const [, id = '', action] = container.exec(path) ?? [];
		const fits = (method === 'POST' && action !== undefined) || (method === 'DELETE' && action === undefined);
		if (fits && this.#own.has(id)) return;
		throw refused(fits ? 'it was not created here' : 'it is a write', call);
	}

	/** Takes note of a container that the engine created for us. */
	created(id: string): void {
		this.#own.add(id);
	}
}
