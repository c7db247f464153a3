import type {Intent, Screen, Session} from '../core/session.ts';
import type {Store} from './store.ts';

/** What a reader would do next who trusts the program: the first root cause, its recommended fix, yes. Null waits; `end` is the end. */
export function autoIntent(session: Session): Intent | 'end' | null {
	const {screen, report, finding, plan, cursor, refused, evidence} = session;
	if (session.task) return null;
	switch (screen) {
		case 'choosing':
			return session.projects?.length ? {type: 'enter'} : 'end';
		case 'causes':
			if (!report?.diagnoses[0]?.fixes.length) return 'end';
			return {type: evidence ? 'enter' : 'evidence'};
		case 'fixes': {
			// Data is never replaced without somebody who types its name.
			const place = finding?.fixes.findIndex(({id, risk}) => !(id in refused) && risk !== 'destroys-data') ?? -1;
			if (place < 0) return 'end';
			return place === cursor.fixes ? {type: 'enter'} : {type: 'move', by: place - cursor.fixes};
		}
		case 'consent':
			return plan?.confirm ? 'end' : {type: 'yes'};
		case 'resume':
		case 'plan':
			return {type: 'enter'};
		case 'settings':
		case 'proof':
		case 'trouble':
			return 'end';
		case 'walking':
		case 'applying':
			return null;
	}
}

/** Long enough to read the gist of a screen, in milliseconds. */
const pauses: Partial<Record<Screen, number>> = {causes: 1800, fixes: 1500, plan: 3000, consent: 1500, proof: 3000};

const changeOf = (store: Store): Promise<void> =>
	new Promise(resolve => {
		const stop = store.subscribe(() => {
			stop();
			resolve();
		});
	});

/** Plays the wizard without keys. With `slowly` somebody watches. */
export async function play(store: Store, slowly: boolean): Promise<void> {
	for (;;) {
		const session = store.get();
		if (session.done) return;
		const next = autoIntent(session);
		if (next === null) {
			await changeOf(store);
			continue;
		}
		if (slowly) await new Promise(resolve => setTimeout(resolve, pauses[session.screen] ?? 600));
		if (store.get() !== session) continue;
		store.send(next === 'end' ? {type: 'quit'} : next);
	}
}
