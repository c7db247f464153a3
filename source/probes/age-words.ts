import {type Evidence, points} from '../core/diagnosis.ts';
import type {See} from '../core/probe.ts';
import {say, type Text} from '../core/say.ts';
import type {AgeHolder} from '../core/server-health.ts';
import {oldestOf, wrapsAt} from './age-looks.ts';
import {healthOf} from './data-looks.ts';

const kinds: Record<AgeHolder['kind'], Text> = {
	prepared: say('The prepared transaction', '预备事务'),
	slot: say('The replication slot', '复制槽'),
	session: say('The session with pid', '会话，pid'),
};

const million = (count: number): number => Math.round(count / 1_000_000);

/** How old the oldest rows are, and what keeps them from being frozen. */
export function ageEvidence(see: See, database: string): Evidence[] {
	const oldest = oldestOf(see, database);
	if (!oldest) return [];
	const unit = oldest.counts === 'transactions' ? say('transactions', '个事务') : say('multixacts', '个 multixact');
	const left = million(Math.max(0, wrapsAt - oldest.oldest));
	const holders = (healthOf(see, database)?.ageHolders ?? []).filter(({age}) => age > oldest.oldest / 2);
	return [
		points(
			say(
				`The oldest row of \`${oldest.name}\` that is not frozen is ${million(oldest.oldest)} million ${unit.en} old; ${left} million are left to the end`,
				`\`${oldest.name}\` 最旧的未冻结行已有 ${million(oldest.oldest)} 百万${unit.zh}；距离极限还剩 ${left} 百万`,
			),
			'server-health',
		),
		...holders.map(({kind, name, age}) =>
			points(
				say(
					`${kinds[kind].en} \`${name}\` holds ids that are ${million(age)} million transactions old`,
					`${kinds[kind].zh} \`${name}\` 占住了 ${million(age)} 百万个事务之前的 ID`,
				),
				'server-health',
			),
		),
	];
}
