import {createHash} from 'node:crypto';
import {withHbaRecord} from '../core/pg-hba-text.ts';
import {say} from '../core/say.ts';
import {step} from '../core/step.ts';
import {Trouble} from '../core/trouble.ts';
import type {WriteWorld} from '../core/write-world.ts';
import {type Server, serverOf} from '../world/server-place.ts';

type Input = {
	service: string;
	/** The new line as it stands in the file. */
	record: string;
	/** 1-based number of the line that rejects the client today and must come after; null appends. */
	before: number | null;
	/** pg_hba.conf, or the file it includes that holds the rejecting line. */
	file: string;
};

type Before = {
	/** Where the byte copy is kept. */
	kept: string;
	digest: string;
};

const digest = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

/**
 * Replaces the file in one rename, as its owner, with its mode. A file that is a mount of its own can't be renamed over.
 * The bytes come as one line of base64: any encoding survives, and the line ends the input without a closed pipe.
 */
const writeScript = `
set -eu
file=$(readlink -f "$1"); new="$file.compose-medic.new"
cp -p "$file" "$new"
IFS= read -r line
printf %s "$line" | base64 -d >"$new"
sync
mv "$new" "$file"
kill -HUP "$(head -n 1 "$2/postmaster.pid")"
`;

async function read(world: WriteWorld, {container}: Server, file: string): Promise<Buffer> {
	const found = await world.docker.readFile(container.id, file);
	if (found) return found.content;
	throw new Trouble(
		'no-hba-file',
		say(`\`${file}\` can’t be read in the container.`, `无法读取容器内的 \`${file}\`。`),
	);
}

async function write(
	world: WriteWorld,
	{container, data, owner}: Server,
	file: string,
	content: Buffer,
): Promise<void> {
	const result = await world.write.docker.exec(container.id, ['sh', '-c', writeScript, 'sh', file, data], {
		user: owner,
		stdin: `${content.toString('base64')}\n`,
		environment: {LC_ALL: 'C'},
	});
	const says = world.redact(result.stderr.trim().slice(0, 300));
	if (result.code !== 0)
		throw new Trouble(
			'hba-not-writable',
			say(`\`${file}\` can’t be changed inside the container.`, `无法在容器内修改 \`${file}\`。`),
			{
				why: say(`It says: ${says}`, `它的输出：${says}`),
				next: say(
					'If it is mounted from the host, add the line there and reload.',
					'如果它是从主机挂载的，请在主机上添加该行并重新加载。',
				),
			},
		);
}

/** Errors the server finds in its rule files: a file with one is not loaded at all. */
async function ruleErrors(world: WriteWorld, service: string): Promise<string[]> {
	const rows = await world
		.database(service)
		.query('select line_number, error from pg_hba_file_rules where error is not null', {signal: world.signal});
	return rows.map(({line_number: line, error}) => `${String(line)}: ${String(error)}`);
}

export const editHba = step<Input, Before>({
	id: 'edit-hba',
	risk: 'changes-data',
	says: ({record}) =>
		say(`Add \`${record}\` to pg_hba.conf and reload`, `在 pg_hba.conf 中加入 \`${record}\` 并重新加载`),
	like: ({service, record, before, file}) =>
		before === null
			? `docker compose exec -u postgres ${service} sh -c "echo '${record}' >> ${file}; kill -HUP <postmaster>"`
			: `docker compose exec -u postgres ${service} sh -c "sed -i '${before}i ${record}' ${file}; kill -HUP <postmaster>"`,
	async before({service, file}, world) {
		const content = await read(world, await serverOf(world, service), file);
		return {
			kept: await world.keep.put(`pg_hba-${service}-${digest(content).slice(0, 8)}`, content),
			digest: digest(content),
		};
	},
	async apply({service, record, before, file}, _before, world) {
		const server = await serverOf(world, service);
		const present = await read(world, server, file);
		const wanted = Buffer.from(
			withHbaRecord(present.toString('latin1'), Buffer.from(record).toString('latin1'), before),
			'latin1',
		);
		await write(world, server, file, wanted);
		if (!(await read(world, server, file)).equals(wanted))
			throw new Trouble('hba-not-written', say(`\`${file}\` did not keep the change.`, `\`${file}\` 未保留修改。`));
		const errors = await ruleErrors(world, service);
		if (errors.length > 0)
			throw new Trouble(
				'hba-errors',
				say('The server finds errors in its rules and keeps the old ones.', '服务器在规则中发现错误，仍使用旧规则。'),
				{
					why: say(errors.slice(0, 3).join('; '), errors.slice(0, 3).join('；')),
				},
			);
	},
	async undo({service, file}, {kept, digest: former}, world) {
		const server = await serverOf(world, service);
		const content = await world.keep.get(kept);
		if (!content) throw new Trouble('copy-lost', say('The copy of pg_hba.conf is gone.', 'pg_hba.conf 的副本已丢失。'));
		await write(world, server, file, content);
		if (digest(await read(world, server, file)) !== former)
			throw new Trouble(
				'hba-not-written',
				say(`\`${file}\` did not come back byte for byte.`, `\`${file}\` 未能按字节恢复。`),
			);
	},
});
