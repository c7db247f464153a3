import {readFile} from 'node:fs/promises';
import {type PlanFile, parsePlan} from '../core/plan-file.ts';
import {list, say, type Text, verbatim} from '../core/say.ts';
import {exitCode, Trouble} from '../core/trouble.ts';
import type {Target} from '../core/world.ts';
import type {Context} from './context.ts';

/** @throws Trouble with exit code 2 when the file can't be read or holds no plan */
export async function readPlan(path: string): Promise<PlanFile> {
	const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
		const missing = error.code === 'ENOENT';
		throw new Trouble('file-unreadable', say(`\`${path}\` can't be read`, `无法读取 \`${path}\``), {
			why: missing ? say('There is no such file.', '没有这个文件。') : verbatim(error.message),
			next: say('Name the file that `fix … --plan --json` wrote.', '请指定 `fix … --plan --json` 写出的文件。'),
			exitCode: exitCode.usage,
		});
	});
	return parsePlan(path, text);
}

/** Somebody who names no deployment means the one that the plan was made for. */
export function standWhereItWasMade({options}: Context, {target}: PlanFile): void {
	const {project, directory, files, databaseUrl, envFile} = options;
	if (project ?? directory ?? databaseUrl ?? envFile ?? files[0]) return;
	if (target?.kind === 'compose') options.project = target.project;
}

const nameOf = (target: Target): string => (target.kind === 'compose' ? target.project : target.name);

/** @throws Trouble with exit code 2 when the plan was made for another deployment */
export function sameTarget({target}: PlanFile, here: Target): void {
	if (!target || (target.kind === here.kind && nameOf(target) === nameOf(here))) return;
	throw new Trouble(
		'plan-elsewhere',
		say(
			`The plan was made for \`${nameOf(target)}\`, and this is \`${nameOf(here)}\`.`,
			`该计划是为 \`${nameOf(target)}\` 制定的，而这里是 \`${nameOf(here)}\`。`,
		),
		{next: say('Make a plan for this one.', '请为这个部署重新制定计划。'), exitCode: exitCode.usage},
	);
}

/** The world is another than the one that the plan was shown for: nobody has agreed to what would happen now. */
export const movedOn = (reasons: readonly Text[]): Trouble =>
	new Trouble('plan-stale', say('The plan is out of date. Nothing was changed.', '计划已过期，未做任何更改。'), {
		why: say(list(reasons.map(({en}) => en)).en, list(reasons.map(({zh}) => zh)).zh),
		next: say('Plan again with `fix … --plan --json`.', '请用 `fix … --plan --json` 重新制定计划。'),
		exitCode: exitCode.unconfirmed,
	});
