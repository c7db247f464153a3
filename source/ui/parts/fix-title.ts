import {say, type Text, verbatim} from '../../core/say.ts';
import type {Session} from '../../core/session.ts';

/** The words of the fix that is planned or runs. A resumed one is known by its id only. */
export function fixTitle({finding, fix, run, plan}: Session): Text {
	const id = plan?.fix ?? run?.fix ?? fix;
	const known = finding?.fixes.find(one => one.id === id)?.title;
	return known ?? (id ? verbatim(id) : say('Fix', '修复'));
}
