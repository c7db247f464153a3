/**
 * Names that an image of another major version of PostgreSQL most likely has: the same tag with the other number, then the plain
 * ones of the same C library. `postgres:18.1-alpine3.22` and 15 give `postgres:15-alpine3.22` and `postgres:15-alpine`.
 * @param reference the image in use, with or without a tag or digest
 * @param present its major version, as `PG_MAJOR` has it
 */
export function imagesOfMajor(reference: string, present: string, wanted: string): string[] {
	const [name = ''] = reference.split('@');
	const at = name.lastIndexOf(':');
	const hasTag = at > name.lastIndexOf('/');
	const repository = hasTag ? name.slice(0, at) : name;
	const tag = hasTag ? name.slice(at + 1) : 'latest';
	const exact = new RegExp(`(^|[^0-9.])${present}(?:\\.\\d+)*(?![0-9])`).exec(tag);
	const names = exact
		? [`${tag.slice(0, exact.index)}${exact[1]}${wanted}${tag.slice(exact.index + exact[0].length)}`]
		: [];
	// Only the official image is known to call its tags so.
	if (/(?:^|\/)postgres$/.test(repository)) names.push(tag.includes('alpine') ? `${wanted}-alpine` : wanted);
	return [...new Set(names)].map(one => `${repository}:${one}`);
}
