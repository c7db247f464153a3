import {useInput, useStdin, useStdout} from 'ink';
import {type ReactNode, useCallback, useEffect, useState, useSyncExternalStore} from 'react';
import {type Language, say} from '../core/say.ts';
import {isTyping, type Session, settingOf} from '../core/session.ts';
import {graphemes} from '../core/width.ts';
import type {Actions} from './actions.ts';
import {namesOf} from './key-names.ts';
import {copied, type Wish, wishOf} from './keys.ts';
import type {Store} from './store.ts';
import {View} from './view.tsx';
import {intentOf, layOut, type Size} from './window.ts';
import {spinnerTurn} from './words.ts';

type Props = {
	readonly store: Store;
	readonly actions: Pick<Actions, 'setSecret' | 'copy'>;
	readonly language: Language;
	readonly color: boolean;
	/** Milliseconds; the same clock that stamps what happens. */
	readonly clock: () => number;
	/** Whether keys are listened to. */
	readonly keys: boolean;
};

/** The size of the terminal, and a new picture whenever it changes. */
function useSize(): Size {
	const {stdout} = useStdout();
	const [size, setSize] = useState<Size>({columns: stdout.columns, rows: stdout.rows});
	useEffect(() => {
		const onResize = (): void => setSize({columns: stdout.columns, rows: stdout.rows});
		stdout.on('resize', onResize);
		return () => {
			stdout.off('resize', onResize);
		};
	}, [stdout]);
	return size;
}

/** Frames closer together than this are one: a burst of events is drawn once. */
const frameTime = 16;

/** The session as it stands now; it is looked at again after a change, once for each burst of changes. */
function useSession(store: Store): Session {
	const subscribe = useCallback(
		(changed: () => void) => {
			let timer: NodeJS.Timeout | undefined;
			const stop = store.subscribe(() => {
				timer ??= setTimeout(() => {
					timer = undefined;
					changed();
				}, frameTime);
			});
			return () => {
				clearTimeout(timer);
				stop();
			};
		},
		[store],
	);
	return useSyncExternalStore(subscribe, store.get);
}

/** Time goes on only while something is waited for. */
function useNow(clock: () => number, busy: boolean): number {
	const [, turn] = useState(0);
	useEffect(() => {
		if (!busy) return;
		const timer = setInterval(() => turn(count => count + 1), spinnerTurn);
		return () => clearInterval(timer);
	}, [busy]);
	return clock();
}

export function App({store, actions, language, color, clock, keys}: Props): ReactNode {
	const session = useSession(store);
	const size = useSize();
	const now = useNow(clock, session.task !== null || session.reading !== null);
	const {isRawModeSupported} = useStdin();

	useInput(
		(input, key) => {
			for (const name of namesOf(input, key)) press(name);
		},
		{isActive: keys && isRawModeSupported},
	);

	/** Reads the session afresh: several keys may arrive before the next picture. */
	function press(name: string): void {
		const here = store.get();
		const wish = wishOf(here, name);
		if (!wish) return;
		if (wish.type === 'copy') copy(here);
		else if (wish.type === 'enter' && givesSecret(here)) give(here);
		else
			store.send(
				intentOf(
					here,
					layOut(here, size, {language, color, now: clock()}),
					wish satisfies Exclude<Wish, {type: 'copy'}>,
				),
			);
	}

	function copy(here: Session): void {
		const text = copied(here);
		if (text === null) return;
		actions.copy(text);
		store.send({
			type: 'notice',
			says:
				graphemes(text).length > 60
					? say('✔ copied the commands', '✔ 已复制命令')
					: say(`✔ copied ${text}`, `✔ 已复制 ${text}`),
		});
	}

	/** A secret goes straight into the vault; the session learns only its name. */
	function give(here: Session): void {
		const setting = settingOf(here);
		const given = setting !== null && here.draft !== '';
		if (given) actions.setSecret(setting.key, here.draft);
		store.send({type: 'secret-given', reference: given ? `setting:${setting.key}` : ''});
	}

	return <View session={session} size={size} language={language} color={color} now={now} />;
}

const givesSecret = (session: Session): boolean =>
	isTyping(session) && session.task === null && session.screen === 'settings' && (settingOf(session)?.secret ?? false);
