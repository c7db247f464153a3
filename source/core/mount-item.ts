import {type Raw, rawAt} from './compose-service.ts';
import type {ServiceEdit} from './compose-service-edit.ts';
import {colonParts} from './published-port.ts';

/** Edits that make a mount of a service writable; null when no item of `volumes:` is it and says that it is not. */
export function writableMount(service: Raw, destination: string, fill: (text: string) => string): ServiceEdit[] | null {
	const list = rawAt(service, ['volumes']);
	for (const [index, raw] of (Array.isArray(list) ? list : []).entries()) {
		if (typeof raw === 'string') {
			const [source = '', target = '', mode = ''] = colonParts(raw);
			const modes = mode.split(',');
			if (fill(target) !== destination || !modes.includes('ro')) continue;
			const others = modes.filter(one => one !== 'ro');
			return [
				{
					path: ['volumes', index],
					was: raw,
					to: [source, target, ...(others.length > 0 ? [others.join(',')] : [])].join(':'),
				},
			];
		}
		const target = rawAt(raw, ['target']);
		if (typeof target === 'string' && fill(target) === destination && rawAt(raw, ['read_only']) === 'true')
			return [{path: ['volumes', index, 'read_only'], was: 'true', to: null}];
	}
	return null;
}

/** Edits that add memory file systems to a service; null when `tmpfs:` is written in a way that takes no second one. */
export function moreMemoryMounts(service: Raw, folders: readonly string[]): ServiceEdit[] | null {
	const present = rawAt(service, ['tmpfs']);
	if (typeof present === 'string') return null;
	const list = Array.isArray(present) ? present : [];
	return folders
		.filter(folder => !list.some(one => typeof one === 'string' && one.split(':')[0] === folder))
		.map((folder, index) => ({path: ['tmpfs', list.length + index], was: null, to: folder}));
}
