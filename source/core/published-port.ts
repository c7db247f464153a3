import {type Path, type Raw, rawAt} from './compose-service.ts';
import type {ServiceEdit} from './compose-service-edit.ts';

/** One item of `ports:` as it is written, its parts before Compose replaces anything; null for a part that is not there. */
export type PortItem = {
	index: number;
	raw: Raw;
	long: boolean;
	ip: string | null;
	host: string | null;
	container: string;
	protocol: string;
};

/** Splits at colons that stand neither in `${…}` nor in `[…]`. */
export function colonParts(text: string): string[] {
	const found = [''];
	let depth = 0;
	for (const char of text) {
		if (char === '{' || char === '[') depth++;
		if (char === '}' || char === ']') depth--;
		if (char === ':' && depth === 0) found.push('');
		else found[found.length - 1] += char;
	}
	return found;
}

function shortItem(index: number, raw: string): PortItem | null {
	const all = colonParts(raw);
	const [container = '', protocol = 'tcp'] = (all.at(-1) ?? '').split('/');
	if (all.length > 3 || container === '') return null;
	return {
		index,
		raw,
		long: false,
		ip: all.length === 3 ? (all[0] ?? '') : null,
		host: all.length > 1 ? (all.at(-2) ?? '') : null,
		container,
		protocol,
	};
}

const text = (value: Raw): string | null => (typeof value === 'string' ? value : null);

/** What a service publishes, in the order of the file; items that can't be read are left out (Compose specification, `ports`). */
export const portItems = (service: Raw): PortItem[] => {
	const list = rawAt(service, ['ports']);
	return (Array.isArray(list) ? list : []).flatMap((raw, index) => {
		if (typeof raw === 'string') return shortItem(index, raw) ?? [];
		const container = text(rawAt(raw, ['target']));
		return container === null
			? []
			: [
					{
						index,
						raw,
						long: true,
						ip: text(rawAt(raw, ['host_ip'])),
						host: text(rawAt(raw, ['published'])),
						container,
						protocol: text(rawAt(raw, ['protocol'])) ?? 'tcp',
					},
				];
	});
};

const at = (item: PortItem, ...more: (string | number)[]): Path => ['ports', item.index, ...more];

/** `ip:host:container/protocol`, with the protocol only where it was written. */
const spelled = (item: PortItem, ip: string | null, host: string | null): string => {
	const end = `${item.container}${typeof item.raw === 'string' && item.raw.endsWith(`/${item.protocol}`) ? `/${item.protocol}` : ''}`;
	return ip === null ? (host === null ? end : `${host}:${end}`) : `${ip}:${host ?? ''}:${end}`;
};

export const withHostPort = (item: PortItem, host: string): ServiceEdit =>
	item.long
		? {path: at(item, 'published'), was: item.host, to: host}
		: {path: at(item), was: item.raw, to: spelled(item, item.ip, host)};

export const withAddress = (item: PortItem, ip: string): ServiceEdit =>
	item.long
		? {path: at(item, 'host_ip'), was: item.ip, to: ip}
		: {path: at(item), was: item.raw, to: spelled(item, ip, item.host)};

export const withoutItem = (item: PortItem): ServiceEdit => ({path: at(item), was: item.raw, to: null});
