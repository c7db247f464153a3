import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';

/** An extension whose files the server has. */
export type ExtensionOffer = {
	name: string;
	/** Only a superuser may create it… */
	superuser: boolean;
	/** …unless it is trusted (13 and later): then whoever may create objects in the database. */
	trusted: boolean;
	/** The schema that its control file insists on; null where it goes wherever it is created. Older records lack it. */
	schema?: string | null;
	/** Extensions that have to be there first. Older records lack it. */
	requires?: string[] | null;
};

/** What `create extension` could create, from the control files beside the server's program. Asked when somebody wanted one. */
export const extensionOffer = probe<ExtensionOffer[]>({
	id: 'extension-offer',
	title: service =>
		say(
			`Asking ${service || 'the database'} which extensions its image brings`,
			`询问 ${service || '数据库'} 的镜像带有哪些扩展`,
		),
	like: service =>
		`docker compose exec -u postgres ${service} psql -d template1 -c 'select name from pg_available_extensions'`,
	async observe(world, service, signal) {
		const rows = await world.database(service).query(
			`select a.name, v.superuser, coalesce((to_jsonb(v)->>'trusted')::bool, false) as trusted,
				v.schema, v.requires
			from pg_available_extensions a
				join pg_available_extension_versions v on v.name = a.name and v.version = a.default_version order by a.name`,
			{signal},
		);
		return rows as ExtensionOffer[];
	},
});
