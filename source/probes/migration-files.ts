import {type Revisions, readRevisions} from '../core/alembic.ts';
import {probe} from '../core/probe.ts';
import {say} from '../core/say.ts';
import {stackById} from '../stacks/index.ts';
import {presentContainer} from './present-container.ts';

/**
 * The migrations inside the image that a service runs, read from outside: a container that crashes has them too. Null where the
 * stack knows of none, or the image keeps them elsewhere.
 */
export const migrationFiles = probe<Revisions | null>({
	id: 'migration-files',
	title: service => say(`Reading the migrations that ${service} brings`, `读取 ${service} 自带的数据库迁移`),
	like: service => `docker compose cp ${service}:/app/api/migrations/versions .`,
	async observe(world, service) {
		const {migrations} = stackById(world.target.stack);
		const container = await presentContainer(world, service);
		if (!container || migrations?.service !== service) return null;
		const files = await world.docker.readFolder(container.id, migrations.folder);
		const texts = files?.filter(({name}) => name.endsWith('.py')).map(({content}) => content.toString('utf8')) ?? [];
		const found = readRevisions(texts);
		return found.all.length > 0 ? found : null;
	},
});
