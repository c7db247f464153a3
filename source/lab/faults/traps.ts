import {say} from '../../core/say.ts';
import {fault} from '../fault.ts';
import {plantSentinel} from '../sentinel.ts';
import {difyClients, startDify, startDifyClients, startDifyDatabase, writeDify} from '../stacks/dify.ts';
import {amend} from '../stacks/file.ts';

export const trapOldFatalLines = fault({
	id: 'trap-old-fatal-lines',
	kind: 'trap',
	stack: 'dify',
	title: say('Works again, but the logs still hold the errors of before', '已恢复正常，但日志里还有以前的错误'),
	expects: [],
	async provoke(lab) {
		await startDifyDatabase(lab);
		await lab.setEnvironment({DB_PASSWORD: lab.secret('changed')});
		await startDifyClients(lab);
		await lab.sql(`alter role postgres password '${lab.secret('changed')}'`);
		await lab.docker('restart', lab.container('db'));
		await lab.docker('restart', '--time', '2', ...difyClients.map(service => lab.container(service)));
		await lab.ready(...difyClients);
	},
});

/** Strangers try roles that do not exist; the lines look like a broken client, but no service of the project is behind them. */
const guesses = `
while :; do
	for role in admin root sa oracle test; do PGPASSWORD=guess psql -h db -U "$role" -d postgres -c 'select 1'; done
	sleep 20
done`;

export const trapScanner = fault({
	id: 'trap-scanner',
	kind: 'trap',
	stack: 'dify',
	title: say('A stranger tries passwords; the deployment itself works', '有陌生人在试密码，部署本身正常'),
	expects: [],
	async provoke(lab) {
		await startDify(lab);
		await lab.run(
			'stranger',
			'--network',
			`${lab.project}_default`,
			'--entrypoint',
			'sh',
			'postgres:15-alpine',
			'-c',
			guesses,
		);
		// Long enough for the first round to be in the server's log.
		await lab.logged('db', 'user "test"');
	},
});

export const trapPanickedWhileStarting = fault({
	id: 'trap-panicked-while-starting',
	kind: 'trap',
	stack: 'dify',
	title: say(
		'The clients failed while the database was being made, then came up',
		'数据库初始化期间客户端多次失败，随后恢复',
	),
	expects: [],
	async provoke(lab) {
		await writeDify(lab, {
			change(file) {
				for (const client of difyClients) amend(file, client, {depends_on: ['db', 'redis']});
				file.services.db?.volumes?.push('./import:/docker-entrypoint-initdb.d:ro');
			},
		});
		await lab.write({'import/10-slow.sh': 'sleep 4\n'});
		await startDifyClients(lab, []);
		await plantSentinel(lab, 'dify');
		await lab.settled(...difyClients);
	},
});
