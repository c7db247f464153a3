import {choosePasswords} from '../../core/access-hands.ts';
import type {Finding} from '../../core/diagnosis.ts';
import type {PlanAnswer, StepCall} from '../../core/fix.ts';
import type {See} from '../../core/probe.ts';
import {say, type Text} from '../../core/say.ts';
import {clientCredentials} from '../../probes/client-credentials.ts';
import {composeFiles} from '../../probes/compose-files.ts';
import {dataDirectory} from '../../probes/data-directory.ts';
import {databaseOf, databases, isRunning} from '../../probes/looks.ts';
import {passwordProof} from '../../probes/password-proof.ts';
import {type Edits, setCompose, setEnv} from './configure.ts';
import {handsOf, unique} from './hands.ts';
import {configurationPlan, notApplicable} from './login-plan.ts';
import {envPlace, hasOtherUses, usersOf, variablePlace} from './places.ts';
import {credentialsOf} from './sql-way.ts';
import {returnServices} from './step-calls.ts';

type Use = {service: string; key: string};
type Value = {secret: string; from: Text};

/** The database servers that a missing password would be for. */
const serversFor = (see: See, uses: readonly Use[]): string[] =>
	unique(
		see(clientCredentials)
			.filter(({service, variables}) =>
				uses.some(use => use.service === service && (use.key === variables.password || use.key === variables.url)),
			)
			.flatMap(credential =>
				credential.purpose === 'initial' ? credential.service : (databaseOf(see, credential) ?? []),
			),
	);

/** A password that is proven right for the role that lacks one, wherever it is configured. */
function provenValue(see: See, uses: readonly Use[]): Value | null {
	for (const server of serversFor(see, uses)) {
		if (!isRunning(see, server)) continue;
		const roles = see(clientCredentials)
			.filter(({service}) => uses.some(use => use.service === service))
			.map(({user}) => user);
		const found = see(passwordProof, server).known.find(({role}) => roles.includes(role));
		if (found)
			return {
				secret: found.reference,
				from: say(
					`The value is taken from ${found.from.en}, which is proven to fit.`,
					`值取自 ${found.from.zh}，经验证有效。`,
				),
			};
	}
	return null;
}

const isUninitialised = (see: See, server: string): boolean =>
	!isRunning(see, server) && see(dataDirectory, server).majorVersion === null;

/** For a server that was never initialised any password will do, and the clients' own is the one that works at once. */
function firstValue(see: See, uses: readonly Use[]): Value | null {
	const server = uses.map(({service}) => service).find(service => databases(see).includes(service));
	if (server === undefined || !isUninitialised(see, server)) return null;
	const role =
		see(clientCredentials).find(({purpose, service}) => purpose === 'initial' && service === server)?.user ??
		'postgres';
	const [chosen] = choosePasswords([role], credentialsOf(see, server));
	if (chosen)
		return {
			secret: chosen.secret,
			from: say(
				`The value is the one that \`${chosen.secret}\` logs in with.`,
				`值取自 \`${chosen.secret}\` 登录所用的密码。`,
			),
		};
	return {
		secret: 'generated',
		from: say(
			'There is no data yet, so a new random password will do.',
			'目前还没有数据，因此使用新生成的随机密码即可。',
		),
	};
}

/** Where the missing name is written: `.env`, and a line in the Compose file when nothing refers to it yet. */
function editsFor(see: See, name: string, uses: readonly Use[], secret: string): Edits | {why: Text} {
	const {uses: all, origins, composeFiles: files, envFile} = see(composeFiles);
	const [use] = uses;
	const referred = all.some(one => one.name === name) || origins.some(({names}) => names.includes(name));
	const place = referred || !use ? envPlace(see(composeFiles), name) : variablePlace(see, use.service, use.key);
	const users = unique([...uses.map(({service}) => service), ...usersOf(see, name).map(({service}) => service)]);
	if (place.kind === 'env' && (!hasOtherUses(see, place.name) || referred))
		return {steps: [setEnv(place.file, place.name, {value: {secret}})], files: [place.file], services: users};
	if (use && envFile && files[0] !== undefined) {
		const steps: StepCall[] = [
			setEnv(envFile, use.key, {value: {secret}}),
			setCompose(files[0], use.service, use.key, {value: {reference: use.key}}),
		];
		return {steps, files: [envFile, files[0]], services: users};
	}
	return {
		why: place.kind === 'nowhere' ? place.why : say('There is no `.env` to write to.', '没有可以写入的 `.env`。'),
	};
}

/** A variable that nothing defines: it gets the value that is provably right, the one that must be, or the one that is typed. */
export function planMissing(see: See, finding: Finding, settings: Readonly<Record<string, string>>): PlanAnswer {
	const [hand] = handsOf(finding);
	if (!hand || hand.name === '') return notApplicable(say('No variable is missing any more.', '已没有缺失的变量。'));
	const uses = hand.uses.length > 0 ? hand.uses : [{service: hand.service, key: hand.key}];
	const typed: Value = {secret: 'setting:value', from: say('The value is the one you gave.', '使用你提供的值。')};
	const value = settings['value'] === undefined ? (provenValue(see, uses) ?? firstValue(see, uses)) : typed;
	if (!value)
		return {
			kind: 'asks',
			settings: [{key: 'value', says: say(`The value of \`${hand.name}\``, `\`${hand.name}\` 的值`), secret: true}],
			why: say(
				`Nothing here tells what \`${hand.name}\` should be.`,
				`这里没有任何信息能说明 \`${hand.name}\` 应该是什么。`,
			),
		};
	const edits = editsFor(see, hand.name, uses, value.secret);
	if ('why' in edits) return notApplicable(edits.why);
	const servers = edits.services.filter(name => databases(see).includes(name));
	// A server that holds data keeps the password it was made with: only one that never started needs the new value.
	const fresh = servers.filter(name => isUninitialised(see, name));
	const services = edits.services.filter(name => !servers.includes(name) || fresh.includes(name));
	const plan = configurationPlan(see, finding, {fix: 'fix-env-file', edits: {...edits, services}, route: value.from});
	const waiting = fresh.length > 0 ? [{step: 'wait-until-ready', input: {service: fresh[0], minutes: 10}}] : [];
	const ill = unique([...finding.affects, ...see(clientCredentials).map(({service}) => service)]).filter(
		name => !databases(see).includes(name) && name !== '',
	);
	const back = fresh.length > 0 ? returnServices(ill) : [];
	const steps = plan.steps.filter(({step}) => fresh.length === 0 || step !== 'return-services');
	const undo =
		fresh.length > 0
			? say(
					'The file gets its old bytes back. The empty data directory that the server initialises meanwhile stays.',
					'文件恢复为原来的字节。服务器此间初始化的空数据目录会保留。',
				)
			: plan.undo;
	return {...plan, steps: [...steps, ...waiting, ...back], undo};
}
