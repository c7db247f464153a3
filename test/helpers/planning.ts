import {expect} from 'vitest';
import type {Finding} from '../../source/core/diagnosis.ts';
import type {Fix, Plan, PlanAnswer} from '../../source/core/fix.ts';
import {say} from '../../source/core/say.ts';
import {seeing} from '../../source/core/walk.ts';
import {type Changes, sampleFacts, seen} from '../../source/diagnoses/samples.ts';
import {showSteps} from '../../source/engine/plan.ts';
import type {ComposeFiles} from '../../source/probes/compose-files.ts';
import {composeTexts} from '../../source/probes/compose-texts.ts';

export const composeFile = '/srv/shop/docker-compose.yaml';
export const envFile = '/srv/shop/.env';

export const findingOf = (...hands: Record<string, unknown>[]): Finding => ({
	id: 'x',
	chapter: 'resources',
	subject: 'db',
	severity: 'failure',
	certainty: 'certain',
	title: say('x', '某'),
	about: say('x', '某'),
	beware: null,
	because: [],
	affects: ['db'],
	fixes: [],
	noFix: null,
	hands,
});

const use = (name: string, service: string, key: string) => ({
	name,
	service,
	key,
	hasDefault: false,
	required: false,
	defined: true,
	file: composeFile,
});

/**
 * A deployment whose Compose file says this.
 * @param text with `services:` left out
 * @param env what `.env` says; `uses` which key of which service is made of it
 */
export const project = (
	text: string,
	env: Record<string, {value: string; uses: [service: string, key: string][]}> = {},
): {files: Partial<ComposeFiles>; also: NonNullable<Changes['also']>} => ({
	files: {
		composeFiles: [composeFile],
		envFile,
		hashes: {[composeFile]: 'aa', [envFile]: 'bb'},
		entries: Object.keys(env).map((name, index) => ({
			file: envFile,
			line: index + 1,
			name,
			oddities: [],
			references: [],
		})),
		uses: Object.entries(env).flatMap(([name, {uses}]) => uses.map(([service, key]) => use(name, service, key))),
	},
	also: [
		seen(composeTexts, '', {
			files: [{path: composeFile, text: `services:\n${text}`, extended: false}],
			values: Object.fromEntries(Object.entries(env).map(([name, {value}]) => [name, value])),
		}),
	],
});

export const planned = (
	fix: Fix,
	changes: Changes,
	found: Finding,
	settings: Record<string, string> = {},
): PlanAnswer => fix.plan(seeing(sampleFacts(changes)), found, settings);

/** Steps of a plan, each with what it shows. */
export function stepsOf(answer: PlanAnswer): {step: string; input: Record<string, unknown>; like: string}[] {
	if (answer.kind !== 'plan') throw new Error(answer.why.en);
	return showSteps((answer satisfies Plan).steps);
}

/** Lines that an edit shows as gone and as new. */
export const changedLines = (answer: PlanAnswer): string[] =>
	stepsOf(answer)
		.filter(({step}) => step.startsWith('edit-'))
		.flatMap(({like}) => like.split('\n').filter(line => /^[-+](?![-+]{2} )/.test(line)));

export function refusedFor(answer: PlanAnswer, why: RegExp): void {
	expect(answer.kind).toBe('not-applicable');
	if (answer.kind !== 'plan') expect(answer.why.en).toMatch(why);
}
