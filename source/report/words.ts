import type {Certainty} from '../core/diagnosis.ts';
import type {Risk} from '../core/fix.ts';
import {say, type Text} from '../core/say.ts';

export const certaintyWords: Readonly<Record<Certainty, Text>> = {
	certain: say('certain', '确定'),
	likely: say('likely', '很可能'),
	possible: say('possible', '有可能'),
};

export const riskWords: Readonly<Record<Risk, Text>> = {
	none: say('changes nothing that runs', '不影响运行中的服务'),
	restarts: say('restarts services', '会重启服务'),
	'changes-data': say('changes data, can be undone', '会修改数据，可撤销'),
	'destroys-data': say('replaces data, keeps a proven copy', '会替换数据，先保留经过验证的副本'),
};

export const riskOf = (risk: string): Text => riskWords[risk as Risk] ?? say(risk, risk);

/** `2026-11-21 10:45:19` in the time of this machine: what a person compares with a clock. */
export function clock(iso: string): string {
	const date = new Date(iso);
	if (Number.isNaN(date.getTime())) return iso;
	const two = (value: number): string => String(value).padStart(2, '0');
	const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
	return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

export const duration = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);
