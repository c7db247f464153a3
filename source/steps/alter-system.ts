import {say} from '../core/say.ts';
import {quoteIdentifier, quoteLiteral} from '../core/sql-text.ts';
import {likeSql, optionsOf, type SqlWay} from '../core/sql-way.ts';
import {step} from '../core/step.ts';
import type {WriteWorld} from '../core/write-world.ts';
import {aloneOn, dataMounts, helperMounts, type Server, serverOf} from '../world/server-place.ts';
import {endLeftovers, runScript} from './parts/data-helper.ts';
import {presentWay} from './parts/stored-password.ts';

type Input = SqlWay & {service: string; name: string; value: string};

/** What `postgresql.auto.conf` said of it; null where it said nothing. */
type Before = {altered: string | null};

const set = (name: string, value: string): string =>
	`alter system set ${quoteIdentifier(name)} = ${quoteLiteral(value)};`;

/**
 * The last line in `postgresql.auto.conf`, applied or waiting for a restart: `pg_settings` would only tell what counts now
 * (PostgreSQL manual, 54.8 pg_file_settings). A mark in front tells an empty value from none.
 */
const altered = (name: string): string =>
	`select 'is:' || setting from pg_file_settings where name = ${quoteLiteral(name)} and sourcefile ~ '/postgresql[.]auto[.]conf$' order by seqno desc limit 1;`;

/** What the server itself would write: the other lines as they are, and this one at the end (PostgreSQL's guc.c). Owner and mode stay. */
const fileScript = `
file="$1/postgresql.auto.conf"; new="$file.compose-medic.new"
cp -p "$file" "$new"
grep -v "^$2 = " "$file" >"$new" || true
[ -z "$3" ] || printf '%s\\n' "$3" >>"$new"
sync
mv "$new" "$file"
`;

/** A server that does not start with its new value can't be asked to take it back: the file is put right while nobody runs on it. */
async function putBackInFile(world: WriteWorld, {container, data}: Server, name: string, old: string | null) {
	if (container.status === 'restarting') await world.write.docker.stop(container.id, 10);
	const mounts = dataMounts(container, data);
	await endLeftovers(
		world,
		mounts.map(mount => (mount.type === 'volume' ? mount.name : mount.source)),
	);
	await aloneOn(world.docker, mounts, []);
	const value = old?.replaceAll("'", "''").replaceAll('\\', '\\\\');
	const words = [data, name, value === undefined ? '' : `${name} = '${value}'`];
	const request = {image: container.imageId, mounts: helperMounts(mounts, false), script: fileScript, words};
	await runScript(world, {...request, purpose: 'settings'});
}

/**
 * Sets one parameter in `postgresql.auto.conf`, which counts over every other settings file and under the command line. Whoever
 * plans it knows whether a reload is enough or a restart has to follow.
 */
export const alterSystem = step<Input, Before>({
	id: 'alter-system',
	risk: 'restarts',
	says: ({name, value}) =>
		say(`Set \`${name}\` of the server to \`${value}\``, `将服务器的 \`${name}\` 设为 \`${value}\``),
	like: input =>
		likeSql(input.service, input, `ALTER SYSTEM SET ${quoteIdentifier(input.name)} = ${quoteLiteral(input.value)};`),
	async before(input, world) {
		const {stdout} = await world.write.sql(input.service, altered(input.name), optionsOf(input));
		const line = stdout.split('\n').find(text => text.startsWith('is:'));
		return {altered: line === undefined ? null : line.slice('is:'.length)};
	},
	async apply(input, _before, world) {
		await world.write.sql(input.service, set(input.name, input.value), optionsOf(input));
	},
	async undo({service, name, ...way}, before, world) {
		const {altered: old} = before;
		const server = world.target.kind === 'compose' ? await serverOf(world, service) : null;
		if (server && server.container.status !== 'running') return putBackInFile(world, server, name, old);
		const back = old === null ? `alter system reset ${quoteIdentifier(name)};` : set(name, old);
		await world.write.sql(service, back, optionsOf(await presentWay(world, service, way)));
	},
});
