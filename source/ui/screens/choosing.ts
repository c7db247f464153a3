import {say, type Text} from '../../core/say.ts';
import type {Session} from '../../core/session.ts';
import type {ComposeProject} from '../../core/world.ts';
import type {Row, Tone} from '../../core/wrap.ts';
import {type Page, page} from '../page.ts';
import {busy} from '../parts/busy.ts';
import {choices} from '../parts/choices.ts';
import {beside, blank, hang, literal, type Pen, paragraph, prose, span} from '../pen.ts';

function stateOf({running, total}: ComposeProject): {sign: string; tone: Tone; says: Text} {
	if (running === 0) return {sign: '✖', tone: 'bad', says: say('stopped', '已停止')};
	if (running < total)
		return {sign: '!', tone: 'warn', says: say(`${running} of ${total} running`, `${total} 个中 ${running} 个运行`)};
	return {sign: '✔', tone: 'good', says: say(`all ${total} running`, `${total} 个全部运行`)};
}

function projectRows(pen: Pen, project: ComposeProject): Row[] {
	const {sign, tone, says} = stateOf(project);
	const dot = span(' · ', 'quiet');
	const known = hang(
		pen,
		[],
		[span(`${sign} `, tone), ...prose(pen, says), ...(project.stack === 'generic' ? [] : [dot, span(project.stack)])],
	);
	const folder = literal(pen, project.workingDirectory ?? '', 'quiet');
	return [
		...hang(pen, [], literal(pen, project.name, 'strong')),
		...(project.workingDirectory ? beside(pen, known, folder, {indent: 0, between: [dot]}) : known),
	];
}

/** The list of projects that have containers, each with its state. */
export function choosing(session: Session, pen: Pen): Page {
	const {projects, cursor, task, taskAt} = session;
	if (!projects)
		return page({
			body: task
				? busy(pen, say('Asking Docker which projects there are', '正在向 Docker 查询有哪些项目'), taskAt)
				: [],
		});
	if (projects.length === 0)
		return page({
			body: [
				...paragraph(pen, say('? No Compose project has containers here.', '? 这里没有任何 Compose 项目的容器。'), {
					tone: 'strong',
				}),
				blank,
				...paragraph(
					pen,
					say(
						'Start the deployment once with `docker compose up -d`, or name another engine with `--host` or `--context`. Then press r.',
						'请先用 `docker compose up -d` 启动一次部署，或用 `--host`、`--context` 指定另一个引擎，然后按 r。',
					),
				),
			],
		});
	return page({
		heading: [...paragraph(pen, say('Which deployment is ill?', '哪个部署出了问题？'), {tone: 'strong'}), blank],
		...choices(
			pen,
			projects.map(project => inner => projectRows(inner, project)),
			cursor.choosing,
		),
	});
}
