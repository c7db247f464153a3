import {say, tell} from '../../core/say.ts';
import {findingUnderCursor, type Session} from '../../core/session.ts';
import type {Row} from '../../core/wrap.ts';
import {clock} from '../../report/words.ts';
import {type Page, page} from '../page.ts';
import {apart, blank, type Pen, paragraph, quote} from '../pen.ts';

/** Rows of one line: what is longer than that is noise. */
const longest = 8;

/** The lines that speak: what the services themselves wrote, for the finding at hand or, without one, for every symptom. */
export function log(session: Session, pen: Pen): Page {
	const {report} = session;
	const finding = session.screen === 'causes' ? findingUnderCursor(session) : session.finding;
	const symptoms = (report?.symptoms ?? []).filter(
		({explainedBy, lines}) => lines.length > 0 && (!finding || explainedBy.includes(finding.id)),
	);
	const services = [...new Set(symptoms.map(({service}) => service))];
	const sections: Row[][] = services.map(service => [
		...paragraph(pen, service, {tone: 'strong'}),
		...symptoms
			.filter(symptom => symptom.service === service)
			.flatMap(({lines}) => lines.flatMap(line => quote(pen, line, {tone: 'plain', most: longest}))),
	]);
	const logged = (finding?.because ?? []).filter(({source}) => source.startsWith('log'));
	for (const source of new Set(logged.map(one => one.source)))
		sections.push([
			...paragraph(pen, source, {tone: 'strong'}),
			...logged
				.filter(one => one.source === source)
				.flatMap(({says, at}) =>
					quote(pen, `${at ? `${clock(at)}  ` : ''}${tell(says, pen.language)}`, {tone: 'plain', most: longest}),
				),
		]);
	const title = finding
		? say(`Log lines behind: ${finding.title.en}`, `相关日志：${finding.title.zh}`)
		: say('Log lines', '日志');
	return page({
		heading: [...paragraph(pen, title, {tone: 'strong', most: 2}), blank],
		body:
			sections.length > 0
				? apart(sections)
				: paragraph(pen, say('No log line speaks of it.', '没有日志提到它。'), {tone: 'quiet'}),
	});
}
