import type {ClientCredential} from '../../core/deployment.ts';
import type {Finding} from '../../core/diagnosis.ts';
import {assume} from '../../core/fingerprint.ts';
import type {Plan, PlanAnswer, StepCall} from '../../core/fix.ts';
import type {See} from '../../core/probe.ts';
import {list, say, type Text} from '../../core/say.ts';
import {databases, isExternal, serviceNamed} from '../../probes/looks.ts';
import {
	composeFlags,
	type Edits,
	environmentFor,
	filesUnreadable,
	givePassword,
	isPlainVariable,
	type NoPlace,
	recreate,
	together,
} from './configure.ts';
import {unique} from './hands.ts';
import {returnServices, saveEvidence} from './step-calls.ts';

export const notApplicable = (why: Text): {kind: 'not-applicable'; why: Text} => ({kind: 'not-applicable', why});

export const externalHasNoFiles = notApplicable(
	say(
		'This is an external database: correct the password in the configuration of the program that uses it.',
		'这是外部数据库：请在使用它的程序的配置中改正密码。',
	),
);

/** Services whose container is not on the plan's way and that must work afterwards: those ill because of it, servers left alone. */
export const patients = (see: See, finding: Finding, services: readonly string[]): string[] =>
	unique([...services, ...finding.affects]).filter(
		name =>
			name !== '' && !databases(see).includes(name) && (serviceNamed(see, name)?.status ?? 'missing') !== 'missing',
	);

/** What a configuration fix does: edits, containers made anew, services waited for; and how all of it is taken back. */
export function configurationPlan(
	see: See,
	finding: Finding,
	input: {
		fix: string;
		edits: Edits;
		before?: StepCall[];
		environment?: {service: string; variable: string; secret: string}[];
		route: Text;
		database?: string;
		loses?: Text;
	},
): Plan {
	const {fix, edits, before = [], environment = [], route} = input;
	const services = edits.services.filter(name => serviceNamed(see, name) !== null);
	const back = patients(see, finding, services);
	const made = recreate(see, services, environment);
	const steps = [
		...saveEvidence(unique([...services, ...back])),
		...before,
		...edits.steps,
		...made,
		...returnServices(back),
	];
	const undoFiles = edits.files.length > 0;
	return {
		kind: 'plan',
		fix,
		route,
		steps,
		afterUndo: made,
		loses:
			input.loses ??
			say(
				'Nothing in the database. What a container wrote into its own layer, outside of volumes, goes with the old container.',
				'数据库不丢失任何东西。容器写在自身可写层（卷之外）的内容会随旧容器消失。',
			),
		restarts: services,
		takes: say('under a minute', '不到一分钟'),
		undo: undoFiles
			? say(
					'The files get their old bytes back and the containers are made anew from them.',
					'文件恢复为原来的字节，并按其重建容器。',
				)
			: say(
					'The files are not changed. Containers that were made anew without the files get their old values back; others keep the files’ values.',
					'文件没有改动。未按文件重建的容器会恢复旧值；其他容器保持文件中的值。',
				),
		confirm: null,
		assumes: assume(see, {
			services: unique([...services, ...(input.database ? [input.database] : [])]),
			files: edits.files,
			database: input.database,
		}),
	};
}

/** Edits for several clients, or why one of them can't be served. */
export function givePasswords(
	see: See,
	wanted: readonly {credential: ClientCredential; secret: string; mangling?: string}[],
): Edits | NoPlace {
	const all = wanted.map(({credential, secret, mangling}) => givePassword(see, credential, secret, mangling));
	const without = all.find(one => 'why' in one);
	return without ?? together(all.filter(one => 'steps' in one));
}

/**
 * A plan that gives clients another password: in the files where those can be read, else in the containers only.
 * @param proof tried before anything is changed, for a password that nobody has proven yet
 */
export function passwordPlan(
	see: See,
	finding: Finding,
	input: {
		fix: string;
		wanted: readonly {credential: ClientCredential; secret: string; mangling?: string}[];
		from: Text;
		proof?: StepCall[];
		database: string;
	},
): PlanAnswer {
	const {fix, wanted, from, proof, database} = input;
	if (isExternal(see)) return externalHasNoFiles;
	const environment = environmentFor(wanted);
	const common = {fix, before: proof, environment, database};
	const edits = givePasswords(see, wanted);
	if ('steps' in edits) return configurationPlan(see, finding, {...common, edits, route: from});
	const direct = composeFlags(see) === null && wanted.every(({credential}) => isPlainVariable(credential));
	if (!direct) return notApplicable(edits.why);
	const services = unique(wanted.map(({credential}) => credential.service));
	return configurationPlan(see, finding, {
		...common,
		edits: {steps: [], files: [], services},
		route: say(`${from.en} ${filesUnreadable.en}`, `${from.zh}${filesUnreadable.zh}`),
		loses: say(
			`${list(services).en} will read the old value again at the next \`docker compose up\`.`,
			`下次执行 \`docker compose up\` 时，${list(services).zh} 会重新读到旧值。`,
		),
	});
}
