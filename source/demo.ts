import {spawn} from 'node:child_process';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {main} from './commands/main.ts';
import {pickLanguage, say, type Text, tell} from './core/say.ts';
import {startEmbedded} from './lab/embedded.ts';
import {staleVolumePassword} from './lab/faults/stale-volume-password.ts';
import {labDown, labUp} from './lab/lab.ts';
import {findProjects} from './world/open.ts';

// `npm run demo`: a real failure on this machine, and the wizard opened on it. The throwaway deployment is gone afterwards.

/** The wizard runs in a process of its own, so that whatever happens in it the deployment is removed. */
const asWizard = '--as-wizard';

type Patient = {arguments: string[]; remove(): Promise<void>};

const language = pickLanguage(undefined, process.env);
const tellUser = (text: Text): void => console.error(tell(text, language));

async function onEngine(): Promise<Patient> {
	tellUser(
		say('Starting a small Dify-like deployment with a stale volume …', '正在启动一个带有旧卷的小型类 Dify 部署……'),
	);
	const {project, directory} = await labUp(staleVolumePassword, {
		project: 'compose-medic-lab-demo',
		report: line => console.error(`  ${tell(line, language)}`),
	});
	return {arguments: ['--project', project], remove: () => labDown(project, directory)};
}

async function withoutEngine(): Promise<Patient> {
	tellUser(
		say(
			'No Docker engine answers here, so a PostgreSQL server from npm is the patient …',
			'这里没有可用的 Docker 引擎，改用来自 npm 的 PostgreSQL 服务器作为演示对象……',
		),
	);
	const {directory, stop} = await startEmbedded();
	return {arguments: ['--directory', directory, '--env-file', `${directory}/.env`], remove: stop};
}

const engineAnswers = (): Promise<boolean> =>
	findProjects({environment: process.env}).then(
		() => true,
		() => false,
	);

function wizard(arguments_: string[]): Promise<number> {
	const child = spawn(process.execPath, [fileURLToPath(import.meta.url), asWizard, ...arguments_], {stdio: 'inherit'});
	return new Promise((resolve, reject) => {
		child.on('error', reject);
		child.on('close', code => resolve(code ?? 1));
	});
}

async function demo(auto: boolean): Promise<number> {
	// Ctrl-C goes to the wizard as well, which ends cleanly; what was started is removed after it.
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
	const patient = await ((await engineAnswers()) ? onEngine() : withoutEngine());
	try {
		return await wizard([...(auto ? ['--auto'] : []), ...patient.arguments]);
	} finally {
		tellUser(say('Removing the throwaway deployment …', '正在移除演示用的部署……'));
		await patient.remove();
	}
}

const [first, ...rest] = process.argv.slice(2);
if (first === asWizard) {
	await main(
		rest.filter(word => word !== '--auto'),
		process.env,
		rest.includes('--auto'),
	);
} else {
	process.exit(await demo(first === '--auto'));
}
