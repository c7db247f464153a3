/** The fields of the first line of `/etc/passwd` or `/etc/group` that has a name, or an id in its third field (passwd(5), group(5)). */
function entry(list: string, nameOrId: string): string[] | null {
	const lines = list.split('\n').map(line => line.split(':'));
	return (
		lines.find(([name]) => name === nameOrId && nameOrId !== '') ??
		lines.find(([, , id]) => id === nameOrId && nameOrId !== '') ??
		null
	);
}

const number = (text: string | undefined): number | null =>
	text !== undefined && /^\d+$/.test(text) ? Number(text) : null;

/**
 * The numbers that the engine runs a container's `user` as: names by the image's own lists; without a group the one of the user's
 * entry, else 0 (Docker's `--user`).
 * @param user as Compose writes it: `999`, `999:999`, `postgres`, `postgres:staff`
 * @returns null when the image does not know a name
 */
export function imageUser(user: string, passwd: string, group: string): {uid: number; gid: number} | null {
	const [name = '', groupName = ''] = user.split(':');
	const known = entry(passwd, name);
	const uid = number(name) ?? number(known?.[2]);
	const gid =
		groupName === '' ? (number(known?.[3]) ?? 0) : (number(groupName) ?? number(entry(group, groupName)?.[2]));
	return uid === null || gid === null ? null : {uid, gid};
}
