import type {See} from '../core/probe.ts';
import {say} from '../core/say.ts';
import {asking, chapter, leaf, nothing} from '../core/walk.ts';
import {startingUp} from '../diagnoses/starting-up.ts';
import {superuserPasswordMissing} from '../diagnoses/superuser-password-missing.ts';
import {clientCredentials} from '../probes/client-credentials.ts';
import {dataDirectory} from '../probes/data-directory.ts';
import {databaseReadiness} from '../probes/database-readiness.ts';
import {canLook, type DatabaseScope, databases, isExternal, serviceNamed} from '../probes/looks.ts';

const ask = asking<DatabaseScope>();

/** Nothing was initialised yet, and the image will not do it without a password (its entrypoint's own rule). */
function needsPassword(see: See, database: string): boolean {
	if (see(dataDirectory, database).majorVersion !== null) return false;
	if (serviceNamed(see, database)?.variables.includes('POSTGRES_HOST_AUTH_METHOD')) return false;
	return see(clientCredentials)
		.filter(({purpose, service}) => purpose === 'initial' && service === database)
		.every(({passwordFrom}) => passwordFrom === 'none');
}

export const startUp = chapter<DatabaseScope>(
	{
		id: 'start-up',
		title: say('Start-up of the database', '数据库的启动'),
		each: see => (canLook(see) ? databases(see).map(database => ({subject: database || null, database})) : []),
	},
	ask(
		({database}) => say(`Does ${database || 'the database'} run?`, `${database || '数据库'} 在运行吗？`),
		(see, {database}) => {
			if (isExternal(see)) return 'running';
			const service = serviceNamed(see, database);
			if (!service || service.status === 'missing') return 'missing';
			// A crash loop shows `running` between two crashes.
			if (service.status === 'running' && !(service.restartCount > 0 && needsPassword(see, database))) return 'running';
			return 'stopped';
		},
		{
			missing: nothing,
			running: ask(
				({database}) =>
					say(`Does ${database || 'it'} accept connections over TCP?`, `${database || '它'} 通过 TCP 接受连接吗？`),
				(see, {database}) => {
					const readiness = see(databaseReadiness, database);
					switch (readiness.state) {
						case 'accepting':
							return 'accepting';
						case 'rejecting':
							return readiness.phase === 'stopping' ? 'stopping' : 'starting';
						case 'no-answer':
							return ['initdb', 'init-scripts', 'starting'].includes(readiness.phase) ? 'starting' : 'not-listening';
						case 'down':
							return 'stopping';
					}
				},
				{accepting: nothing, starting: leaf(startingUp), stopping: nothing, 'not-listening': nothing},
			),
			stopped: ask(
				say('What keeps it from starting?', '是什么使它无法启动？'),
				(see, {database}) => (needsPassword(see, database) ? 'no-superuser-password' : 'something-else'),
				{'no-superuser-password': leaf(superuserPasswordMissing), 'something-else': nothing},
			),
		},
	),
);
