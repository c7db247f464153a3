import {access, constants} from 'node:fs/promises';
import {dirname} from 'node:path';
import {say, tell} from '../core/say.ts';
import {type ExitCode, exitCode, Trouble} from '../core/trouble.ts';
import {diagnose} from '../engine/diagnose.ts';
import {recordOf, writeRecord} from '../report/record.ts';
import {only, verdict} from '../report/verdict.ts';
import type {Context} from './context.ts';
import {printJson} from './context.ts';
import {listLeaves} from './list.ts';
import {follow} from './look.ts';
import {withWorld} from './open.ts';
import {diagnosisIds, leaves, unknownId} from './registry.ts';
import {show} from './show.ts';
import {nothingChanged} from './words.ts';

export async function run(context: Context): Promise<ExitCode> {
	const {options, signal} = context;
	if (options.list) return list(context);
	const ids = diagnosisIds();
	if (options.only && !ids.includes(options.only))
		throw unknownId(options.only, say('diagnosis', '诊断'), ids, 'compose-medic diagnose --list');
	if (options.logs !== undefined) return (await import('./logs.ts')).runLogs(context, options.logs);
	if (options.record) await writable(options.record);
	context.interrupted = nothingChanged;
	return withWorld(context, async ({world}) => {
		const {report: whole, facts} = await follow(context, diagnose(world, {signal, timeout: options.timeout}));
		if (options.record) {
			const {target, observedAt} = whole;
			await writeRecord(
				options.record,
				recordOf({version: context.version, target, observedAt, facts}, context.redact),
			);
			if (!options.quiet)
				context.out.note(
					tell(
						say(
							`Saved ${facts.size} facts to ${options.record}, without secrets.`,
							`已将 ${facts.size} 条事实保存到 ${options.record}，不含密码。`,
						),
						context.language,
					),
				);
		}
		const report = options.only ? only(whole, options.only) : whole;
		show(context, report);
		return verdict(report);
	});
}

/** Found out before a minute of looking, not after it. */
async function writable(path: string): Promise<void> {
	try {
		await access(dirname(path), constants.W_OK);
	} catch (error) {
		throw new Trouble(
			'record-not-written',
			say(`${dirname(path)} is no folder where a record can be written`, `无法在 ${dirname(path)} 中写入记录`),
			{
				next: say('name a file in a folder where you may write', '请指定一个有写权限的目录中的文件'),
				exitCode: exitCode.usage,
				cause: error,
			},
		);
	}
}

/** Works without any engine: the tree knows its own leaves. */
function list(context: Context): ExitCode {
	const all = leaves();
	if (context.options.json)
		printJson(context, {
			schema: 'compose-medic/diagnoses@1',
			diagnoses: all.map(({chapter, diagnosis}) => ({
				id: diagnosis.id,
				chapter,
				severity: diagnosis.severity,
				name: tell(diagnosis.name, context.language),
				fixes: diagnosis.fixes.map(({id}) => id),
			})),
		});
	else listLeaves(context, all);
	return exitCode.well;
}
