import {type PgControl, readPgControl} from '../core/pg-control.ts';
import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';
import {dataPathOf} from './data-directory.ts';
import {presentContainer} from './present-container.ts';

/** The files that tell how far a data directory came, and whether it can be started. */
export type ClusterFiles = {
	/** `global/pg_control`: the bootstrap makes it, and no server starts without it. */
	controlFile: boolean;
	/** `global/pg_filenode.map`: the bootstrap's last work. */
	relationMap: boolean;
	/** Null when it is missing or of a kind that this program does not read. */
	control: PgControl | null;
	/** Files of `pg_wal` that the control file points to; empty without a control file. */
	segments: {name: string; present: boolean; blank: boolean}[];
	/** Whether `pg_hba.conf` lets anybody in from another machine; the entrypoint adds that line after initdb. Null without the file. */
	admitsOthers: boolean | null;
	/**
	 * How long after PG_VERSION something else was made, in seconds: databases (`base`), or anything that a server at work makes.
	 * A directory whose first start broke off has seconds here. Null where that can't be told.
	 */
	grewFor: number | null;
	livedFor: number | null;
};

/** A rule for TCP whose address is not this very machine. */
const admits = /^\s*host\S*\s+\S+\s+\S+\s+(?!127\.|::1|localhost|samehost)\S+\s+(?!reject)\S/m;

export const clusterFiles = probe<ClusterFiles>({
	id: 'cluster-files',
	title: service => say(`Looking whether the data of ${service} is complete`, `检查 ${service} 的数据目录是否完整`),
	like: service => `docker cp <${service} container>:$PGDATA/global/pg_control -`,
	async observe(world, service) {
		const {docker} = world;
		const nothing = {controlFile: false, relationMap: false, control: null, segments: [], admitsOthers: null};
		const container = await presentContainer(world, service);
		if (!container) return {...nothing, grewFor: null, livedFor: null};
		const data = await dataPathOf(world, container);
		const stat = (path: string) => docker.stat(container.id, `${data}/${path}`);
		const [controlFile, map, hba, version, ...folders] = await Promise.all([
			docker.readFile(container.id, `${data}/global/pg_control`),
			stat('global/pg_filenode.map'),
			docker.readFile(container.id, `${data}/pg_hba.conf`),
			stat('PG_VERSION'),
			...['base', 'global', 'pg_wal', 'pg_xact'].map(stat),
		]);
		const control = controlFile ? readPgControl(controlFile.content) : null;
		const names = control ? [...new Set([control.checkpointSegment, control.redoSegment])] : [];
		const segments = await Promise.all(
			names.map(async name => {
				const file = await docker.readFile(container.id, `${data}/pg_wal/${name}`, 16);
				// Every page of the log begins with a number that is never zero.
				return {name, present: file !== null, blank: file?.content.every(byte => byte === 0) ?? false};
			}),
		);
		const since = (stats: typeof folders): number | null => {
			const times = stats.flatMap(folder => (folder ? [Date.parse(folder.modifiedAt)] : []));
			return version && times.length > 0
				? Math.round((Math.max(...times) - Date.parse(version.modifiedAt)) / 1000)
				: null;
		};
		return {
			controlFile: controlFile !== null,
			relationMap: map !== null,
			control,
			segments,
			admitsOthers: hba ? admits.test(hba.content.toString('latin1')) : null,
			grewFor: since(folders.slice(0, 1)),
			livedFor: since(folders),
		};
	},
});
