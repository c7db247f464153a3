import type {Redactor} from '../core/redact.ts';
import {say} from '../core/say.ts';
import type {Secret} from '../core/secret.ts';
import {Trouble} from '../core/trouble.ts';
import type {Credential, ReadWorld} from '../core/world.ts';
import {type DatabaseChoice, folderOf} from './choose-database.ts';
import {brokenReader} from './engine-link.ts';
import {externalDatabase} from './external-database.ts';
import {localFiles} from './files.ts';
import {listenerOn} from './host-ports.ts';
import {oldPasswords} from './old-passwords.ts';

/** An external database as probes see it. Nothing of it is asked of a Docker engine. */
export async function openDatabaseWorld(
	choice: DatabaseChoice,
	redactor: Redactor,
	environment: Readonly<Record<string, string | undefined>>,
): Promise<ReadWorld> {
	const {target, envFile} = choice;
	const remember = (password: Secret): void =>
		redactor.add(password, {public: [target.user, target.host, target.database]});
	const credentials = (): Promise<Credential[]> => choice.credentials(remember);
	const roles = [...new Set((await credentials()).map(({user}) => user))];
	const database = externalDatabase({host: target.host, port: target.port}, roles);
	return {
		target,
		now: () => new Date(),
		docker: brokenReader(
			new Trouble(
				'no-engine',
				say('An external database is not managed by the Docker engine.', '外部数据库不由 Docker 引擎管理。'),
			),
		),
		files: localFiles,
		place: async () => ({
			workingDirectory: folderOf(choice),
			configFiles: [],
			envFiles: envFile ? [envFile] : [],
			shell: name => environment[name],
		}),
		composeVerdict: async () => ({
			kind: 'no-judge',
			why: say('an external database has no Compose files', '外部数据库没有 Compose 文件'),
		}),
		listener: listenerOn,
		database: () => database,
		credentials,
		candidates: () => oldPasswords(localFiles, envFile ? [envFile] : [], environment, remember),
		redact: text => redactor.redact(text),
	};
}
