import type {DiagnosisReport} from '../core/report.ts';
import {type Language, type Text, tell} from '../core/say.ts';
import type {Trouble} from '../core/trouble.ts';

const orNull = (text: Text | null, language: Language): string | null => (text ? tell(text, language) : null);

/** `compose-medic/diagnosis@1`. Fields are only ever added; what is not known is `null`. */
export function diagnosisJson(report: DiagnosisReport, language: Language): Record<string, unknown> {
	return {
		schema: 'compose-medic/diagnosis@1',
		target: report.target,
		observedAt: report.observedAt,
		symptoms: report.symptoms.map(({id, service, kind, says, lines, explainedBy}) => ({
			id,
			service,
			kind,
			says: tell(says, language),
			lines,
			explainedBy,
		})),
		diagnoses: report.diagnoses.map(finding => ({
			id: finding.id,
			chapter: finding.chapter,
			service: finding.subject,
			severity: finding.severity,
			certainty: finding.certainty,
			title: tell(finding.title, language),
			about: tell(finding.about, language),
			beware: orNull(finding.beware, language),
			because: finding.because.map(({for: speaksFor, says, source, at}) => ({
				for: speaksFor,
				says: tell(says, language),
				source,
				at,
			})),
			affects: finding.affects,
			fixes: finding.fixes.map(({id, title, risk, recommended}) => ({
				id,
				title: tell(title, language),
				risk,
				recommended,
			})),
			noFix: orNull(finding.noFix, language),
		})),
		unexplained: report.unexplained,
		unknown: report.unknown.map(({probe, why}) => ({probe, why: tell(why, language)})),
		skipped: report.skipped.map(({chapter, why}) => ({chapter, why: tell(why, language)})),
		path: report.path.map(({chapter, question, answer, subject}) => ({
			chapter,
			subject,
			question: tell(question, language),
			answer: tell(answer, language),
		})),
	};
}

/** `compose-medic/error@1`: what `--json` prints instead of its object when something went wrong. */
export const errorJson = (
	{code, what, why, next}: Pick<Trouble, 'code' | 'what' | 'why' | 'next'>,
	language: Language,
): Record<string, unknown> => ({
	schema: 'compose-medic/error@1',
	error: {code, what: tell(what, language), why: orNull(why, language), next: orNull(next, language)},
});
