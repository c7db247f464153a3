import type {Finding} from '../../core/diagnosis.ts';
import type {PlanAnswer} from '../../core/fix.ts';
import type {See} from '../../core/probe.ts';
import {say} from '../../core/say.ts';
import {credentialsIn, handsOf} from './hands.ts';
import {notApplicable, passwordPlan} from './login-plan.ts';

/** A value that is right as it was meant and wrong as it arrives: it is written anew, in a way that arrives. */
export function planMangled(see: See, finding: Finding): PlanAnswer {
	const hands = handsOf(finding);
	const wanted = credentialsIn(see, finding).map(credential => {
		const hand = hands.find(one => one.credential === credential.id);
		return {credential, secret: `meant:${hand?.database ?? ''}|${credential.id}`, mangling: hand?.mangling ?? ''};
	});
	if (wanted.length === 0)
		return notApplicable(say('No client carries this value any more.', '已没有客户端使用这个值。'));
	return passwordPlan(see, finding, {
		fix: 'fix-env-file',
		wanted,
		database: hands[0]?.database ?? '',
		from: say(
			'The value that was meant is known: it fits what the server keeps. It is written so that it arrives unchanged.',
			'已知本来要表示的值：它与服务器保存的一致。改写后它会原样传入。',
		),
	});
}
