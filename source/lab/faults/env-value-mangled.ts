import {say} from '../../core/say.ts';
import {fault} from '../fault.ts';
import {startDify, startDifyClients, startDifyDatabase} from '../stacks/dify.ts';
import {amend, type ComposeFile, setVariables, variable} from '../stacks/file.ts';
import {genericClients, startGenericClients, startGenericDatabase} from '../stacks/generic.ts';
import type {LabStage} from '../stage.ts';

const shared = {kind: 'fault', expects: [{id: 'env-value-mangled'}]} as const;
const mangled = ['api', 'worker'] as const;

/** Changes what the Compose file hands to api and worker as their password. */
function handOver(file: ComposeFile, password: string): void {
	for (const name of mangled) setVariables(file, name, {DB_PASSWORD: password});
}

export const envValueMangledCr = fault({
	...shared,
	id: 'env-value-mangled-cr',
	stack: 'generic',
	title: say(
		'A password file saved on Windows: the clients keep its carriage return',
		'密码文件在 Windows 上保存，客户端带上了回车符',
	),
	async provoke(lab) {
		// The image's entrypoint ignores the line end of the very same file.
		await lab.write({'secrets/db_password.txt': `${lab.secret('database')}\r\n`});
		const path = '/run/secrets/db_password';
		const client = {PGHOST: 'db', PGUSER: 'shop', PGDATABASE: 'shopdb', PGPASSWORD_FILE: path};
		await startGenericDatabase(lab, {
			change(file) {
				file.secrets = {db_password: {file: './secrets/db_password.txt'}};
				const secrets = ['db_password'];
				amend(file, 'db', {
					secrets,
					environment: {POSTGRES_USER: 'shop', POSTGRES_DB: 'shopdb', POSTGRES_PASSWORD_FILE: path},
				});
				for (const role of genericClients) amend(file, role, {secrets, environment: {ROLE: role, ...client}});
			},
		});
		await startGenericClients(lab);
	},
});

export const envValueMangledCrYaml = fault({
	...shared,
	id: 'env-value-mangled-cr-yaml',
	stack: 'dify',
	title: say('A carriage return got into the Compose file, behind the password', 'Compose 文件中密码后面混入了回车符'),
	provoke: lab => startDify(lab, {change: file => handOver(file, `${variable('DB_PASSWORD')}\r`), failing: mangled}),
});

export const envValueMangledQuotes = fault({
	...shared,
	id: 'env-value-mangled-quotes',
	stack: 'dify',
	title: say('Quotes inside a YAML list item are part of the password', 'YAML 列表项里的引号成了密码的一部分'),
	async provoke(lab) {
		await startDify(lab, {
			change(file) {
				handOver(file, `"${variable('DB_PASSWORD')}"`);
				for (const name of mangled) {
					const values = Object.entries(file.services[name]?.environment ?? {});
					amend(file, name, {environment: values.map(([key, value]) => `${key}=${value}`)});
				}
			},
			failing: mangled,
		});
	},
});

export const envValueMangledSpaces = fault({
	...shared,
	id: 'env-value-mangled-spaces',
	stack: 'dify',
	title: say('A blank behind the password, inside the quotes', '引号内密码末尾多了一个空格'),
	async provoke(lab) {
		await startDifyDatabase(lab);
		await lab.setEnvironment({DB_PASSWORD: `"${lab.secret('database')} "`});
		await startDifyClients(lab);
	},
});

export const envValueMangledDollar = fault({
	...shared,
	id: 'env-value-mangled-dollar',
	stack: 'dify',
	title: say(
		'A dollar sign in .env without quotes: half of the password is taken for a variable',
		'.env 中未加引号的 $：密码后半段被当成变量',
	),
	async provoke(lab) {
		const password = lab.knownSecret('database', [lab.secret('first half'), 'word'].join('$'));
		await startDifyDatabase(lab, {environment: {DB_PASSWORD: `'${password}'`}});
		await lab.setEnvironment({DB_PASSWORD: password});
		await startDifyClients(lab);
	},
});

/** A password that went into a URL as it is: where it stands, its characters end the user part, the host or the whole URL. */
async function startWithRawUrl(lab: LabStage, ending: string): Promise<void> {
	const password = lab.knownSecret('database', lab.secret('first half') + ending);
	await startGenericDatabase(lab, {environment: {SHOP_DB_PASSWORD: `'${password}'`}});
	await startGenericClients(lab, ['app']);
}

export const envValueMangledDsn = fault({
	...shared,
	id: 'env-value-mangled-dsn',
	stack: 'generic',
	title: say('Characters in the password that break the URL', '密码中的字符使 URL 失效'),
	provoke: lab => startWithRawUrl(lab, '/2024#1'),
});

export const envValueMangledDsnHost = fault({
	...shared,
	id: 'env-value-mangled-dsn-host',
	stack: 'generic',
	title: say('Characters in the password that turn its end into a host name', '密码中的字符使其后半段被当成主机名'),
	provoke: lab => startWithRawUrl(lab, '@shop/2024'),
});
