import {amend, type ComposeFile} from '../../stacks/file.ts';
import type {LabStage} from '../../stage.ts';

export const shop = {user: 'shop', database: 'shopdb'};

/** Gives the shop's data a small file system of its own. It lives in memory, so that it needs no disk and no rights. */
export const onSmallDisk =
	(options: string) =>
	(file: ComposeFile): void => {
		const {pgdata} = file.volumes ?? {};
		if (pgdata && !('external' in pgdata)) pgdata.driver_opts = {type: 'tmpfs', device: 'tmpfs', o: options};
		// The next checkpoint would stop the server, and its memory with it: the patient has to stay as it is.
		amend(file, 'db', {command: ['postgres', '-c', 'checkpoint_timeout=1d']});
	};

/** SQL that fails, and is meant to. */
export const failing = (lab: LabStage, text: string): Promise<unknown> => lab.sql(text, shop).catch(error => error);

/** Takes the room of the data's file system as a careless backup does, all but so many KiB. */
export const leave = (lab: LabStage, kibibytes: number): Promise<string> =>
	lab.shell(
		'db',
		`cd "$PGDATA"; free=$(df -Pk . | awk 'NR==2 {print $4}'); dd if=/dev/zero of=backup.tar bs=1024 count=$((free - ${kibibytes})) 2>/dev/null`,
	);

/** Joins two tables side by side in shared memory. */
export const bigJoin = `
set max_parallel_workers_per_gather = 2; set parallel_setup_cost = 0; set parallel_tuple_cost = 0;
set min_parallel_table_scan_size = 0; set enable_mergejoin = off; set enable_nestloop = off; set work_mem = '64MB';
create table if not exists visits as select n, md5(n::text) as value from generate_series(1, 60000) n;
analyze visits;
select count(*) from visits a join visits b using (value);`;

/** A sort that is allowed more memory than the container. */
export const bigSort =
	"set work_mem = '1GB'; select count(*) from (select repeat(md5(n::text), 8) as t from generate_series(1, 3000000) n order by 1 offset 1) s";
