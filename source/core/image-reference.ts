/** An image as it is named: `registry/name:tag@digest`. */
type Reference = {name: string; tag: string | null; pinned: boolean};

export function readReference(text: string): Reference {
	const [plain = '', digest] = text.split('@');
	const at = plain.lastIndexOf(':');
	const hasTag = at > plain.lastIndexOf('/');
	return {
		name: hasTag ? plain.slice(0, at) : plain,
		tag: hasTag ? plain.slice(at + 1) : null,
		pinned: digest !== undefined,
	};
}

const official = /^(?:(?:docker\.io|[^/]+\.[^/]+(?::\d+)?)\/)?(?:[^/]+\/)*postgres$/;

/**
 * The tag of the same image for another major version of PostgreSQL: the same distribution, because the C library's sort order
 * is in the indexes (musl and glibc differ). Smaller versions are left open: any of them reads the data.
 * @param tag null where none is written, which means `latest`
 * @returns null where the tag says nothing that could be changed
 */
export function tagFor(name: string, tag: string | null, major: string): string | null {
	const vector = /^(.*\bpg)(\d+)(\b.*)$/.exec(tag ?? '');
	if (vector) return `${vector[1]}${major}${vector[3]}`;
	const [, version, variant = ''] = /^(latest|\d+(?:\.\d+)*(?:(?:beta|rc)\d+)?)?-?(.*)$/.exec(tag ?? 'latest') ?? [];
	if (/postgis$/.test(name) && version !== undefined && version !== 'latest') return `${major}-${variant}`;
	if (!official.test(name)) return null;
	if (version === undefined && !/^(?:alpine|bookworm|bullseye|buster|trixie|stretch)/.test(variant)) return null;
	// `alpine3.19` exists for some versions only; `alpine` is the same C library.
	const base = variant.replace(/^alpine.*/, 'alpine');
	return base === '' ? major : `${major}-${base}`;
}
