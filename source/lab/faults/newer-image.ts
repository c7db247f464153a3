import {say} from '../../core/say.ts';
import {fault} from '../fault.ts';
import {amend, type Service, variable} from '../stacks/file.ts';
import {startGenericDatabase, writeGeneric} from '../stacks/generic.ts';
import type {LabStage} from '../stage.ts';

const newer = 'postgres:18';

/** A shop whose image was raised in the Compose file, as an update does it, over the data that it has. */
async function raise(lab: LabStage, before: Partial<Service>, after: Partial<Service>): Promise<void> {
	await startGenericDatabase(lab, {change: file => amend(file, 'db', before)});
	await writeGeneric(lab, {change: file => amend(file, 'db', {...before, ...after})});
	await lab.compose('up', '--detach');
	await lab.crashLooping('db');
}

export const versionMismatchNewer = fault({
	id: 'version-mismatch-newer',
	kind: 'fault',
	stack: 'generic',
	title: say('The image was raised from 15 to 18 over the old data', '镜像从 15 升到 18，数据还是旧的'),
	expects: [{id: 'version-mismatch', service: 'db'}],
	// With PGDATA spelt out, as Dify does, the image of 18 does not look at the mount, and the server refuses.
	provoke(lab) {
		const environment = {
			POSTGRES_USER: 'shop',
			POSTGRES_PASSWORD: variable('SHOP_DB_PASSWORD'),
			POSTGRES_DB: 'shopdb',
			PGDATA: '/var/lib/postgresql/data/pgdata',
		};
		return raise(lab, {environment}, {image: newer});
	},
});

export const pg18MountLayout = fault({
	id: 'pg18-mount-layout',
	kind: 'fault',
	stack: 'generic',
	title: say('The image was raised to 18, the mount is that of before', '镜像升到了 18，挂载还是以前的'),
	expects: [{id: 'pg18-mount-layout', service: 'db'}],
	provoke: lab => raise(lab, {}, {image: newer}),
});
