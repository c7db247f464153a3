import {amount} from '../core/amount.ts';
import {say, type Text} from '../core/say.ts';
import {type Kept, totalOf} from '../engine/kept.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** How long ago something was, in one unit: `3 days old`. */
export function age(since: string, now: Date): Text {
	const passed = now.getTime() - Date.parse(since);
	if (!(passed >= minute)) return say('just made', '刚刚');
	const [count, en, zh] =
		passed < hour
			? ([Math.floor(passed / minute), 'minute', '分钟'] as const)
			: passed < day
				? ([Math.floor(passed / hour), 'hour', '小时'] as const)
				: ([Math.floor(passed / day), 'day', '天'] as const);
	return say(`${count} ${en}${count === 1 ? '' : 's'} old`, `${count} ${zh}前`);
}

const kinds = {
	volume: (name: string) => say(`volume \`${name}\``, `卷 \`${name}\``),
	folder: (name: string) => say(`folder \`${name}\``, `文件夹 \`${name}\``),
	files: (name: string) => say(`private files in \`${name}\``, `私有文件 \`${name}\``),
} as const;

/** Where it lies, how large and old it is, and whether it is proven. */
export function keptLine({kind, name, bytes, since, proven}: Kept, now: Date): Text {
	const where = kinds[kind](name);
	const parts: Text[] = [
		bytes === null ? say('size unknown', '大小未知') : say(amount(bytes), amount(bytes)),
		...(since && kind !== 'files' ? [age(since, now)] : []),
		...(kind === 'volume'
			? [
					proven
						? say('proven', '已验证')
						: proven === null
							? say('unknown whether proven', '不知是否验证过')
							: say('not proven', '未验证'),
				]
			: []),
	];
	return say(
		`${where.en}: ${parts.map(({en}) => en).join(', ')}`,
		`${where.zh}：${parts.map(({zh}) => zh).join('，')}`,
	);
}

/** The last line of the list. */
export function totalLine(kept: readonly Kept[]): Text {
	const {bytes, unknown} = totalOf(kept);
	const more = unknown > 0 ? say(`, and ${unknown} of unknown size`, `，另有 ${unknown} 项大小未知`) : say('', '');
	return say(`Kept in all: ${amount(bytes)}${more.en}`, `合计保留：${amount(bytes)}${more.zh}`);
}

/** For `--json`: additions only. */
export const keptJson = ({kind, name, source, bytes, since, proven}: Kept): Record<string, unknown> => ({
	kind,
	name,
	source,
	bytes,
	since,
	proven,
});
