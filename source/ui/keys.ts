import {say, type Text} from '../core/say.ts';
import {type Intent, isChanging, isSearching, isTyping, type Screen, type Session} from '../core/session.ts';

/** What a key asks for. Moving, paging and finding become a cursor move or a scroll once the window is known; copying happens outside. */
export type Wish = Intent | {type: 'page'; by: 1 | -1} | {type: 'find'; by: 1 | 0 | -1} | {type: 'copy'};

export type Binding = {
	/** Names as `nameOf` gives them. */
	keys: readonly string[];
	/** How the keys are written for a person. */
	shown: string;
	wish: Wish;
	says: Text | ((session: Session) => Text);
	/** Screens it works on; everywhere without. */
	on?: readonly Screen[];
	/** Only under this condition. */
	when?: (session: Session) => boolean;
	/** Place in the help bar, smaller first; without one it stands only in the full list. */
	bar?: number;
};

const enterWords: Readonly<Record<Screen, Text>> = {
	choosing: say('open', '打开'),
	resume: say('choose', '选择'),
	walking: say('causes', '原因'),
	causes: say('fixes', '修复'),
	fixes: say('plan', '方案'),
	settings: say('next', '下一步'),
	plan: say('go on', '继续'),
	consent: say('do it', '执行'),
	applying: say('', ''),
	proof: say('done', '完成'),
	trouble: say('', ''),
};

function entersSomewhere(session: Session): boolean {
	if (session.overlay || session.task) return false;
	switch (session.screen) {
		case 'choosing':
			return Boolean(session.projects?.length);
		case 'walking':
			return session.report !== null;
		case 'causes':
			return Boolean(session.report?.diagnoses[session.cursor.causes]?.fixes.length);
		case 'consent':
			return !session.plan?.confirm || session.plan.confirm.name === session.draft;
		case 'applying':
		case 'trouble':
			return false;
		default:
			return true;
	}
}

const stillToDo = ({run}: Session): boolean => Boolean(run?.finished?.report?.diagnoses.length);

/** Where Esc leads somewhere. */
function goesBack(session: Session): boolean {
	if (session.overlay) return true;
	const {screen, choice, report} = session;
	if (screen === 'walking') return choice;
	if (screen === 'trouble') return choice || report !== null;
	return !['choosing', 'resume', 'applying', 'proof'].includes(screen);
}

const isFound = ({overlay, log}: Session): boolean => overlay === 'log' && Boolean(log?.query);
const hasMoreLogs = ({overlay, log}: Session): boolean => overlay === 'log' && (log?.services.length ?? 0) > 1;

const askable: readonly Screen[] = ['choosing', 'walking', 'causes', 'fixes', 'proof', 'trouble'];

/** The one table of keys. It decides what a key does, draws the help bar, and draws the list of all keys. */
export const bindings: readonly Binding[] = [
	{
		keys: ['ctrl-c'],
		shown: 'Ctrl-C',
		wish: {type: 'interrupt'},
		says: say('stop cleanly; twice leaves at once', '干净地停止；按两次立即退出'),
	},
	{
		keys: ['enter'],
		shown: 'Enter',
		wish: {type: 'enter'},
		says: session =>
			session.screen === 'proof' && stillToDo(session) ? say('what is left', '剩余问题') : enterWords[session.screen],
		when: entersSomewhere,
		bar: 1,
	},
	{
		keys: ['enter'],
		shown: 'Enter',
		wish: {type: 'find', by: 0},
		says: say('find', '查找'),
		when: isSearching,
		bar: 1,
	},
	{
		keys: ['enter'],
		shown: 'Enter',
		wish: {type: 'enter'},
		says: say('close', '关闭'),
		when: ({overlay}) => overlay !== null,
	},
	{
		keys: ['y'],
		shown: 'y',
		wish: {type: 'yes'},
		says: say('do it', '执行'),
		on: ['consent'],
		when: session => !isTyping(session),
	},
	{keys: ['up', 'k'], shown: '↑ k', wish: {type: 'move', by: -1}, says: say('up', '上移')},
	{keys: ['down', 'j'], shown: '↓ j', wish: {type: 'move', by: 1}, says: say('down', '下移')},
	{keys: ['page-up'], shown: 'PgUp', wish: {type: 'page', by: -1}, says: say('a page up', '上翻一页')},
	{keys: ['page-down', ' '], shown: 'PgDn', wish: {type: 'page', by: 1}, says: say('a page down', '下翻一页')},
	{keys: ['home', 'g'], shown: 'g', wish: {type: 'edge', to: 'first'}, says: say('to the first', '到开头')},
	{keys: ['end', 'G'], shown: 'G', wish: {type: 'edge', to: 'last'}, says: say('to the last', '到末尾')},
	{
		keys: ['e'],
		shown: 'e',
		wish: {type: 'evidence'},
		says: session => (session.evidence ? say('fold evidence', '收起证据') : say('evidence', '证据')),
		on: ['causes'],
		when: ({overlay, report}) => overlay === null && Boolean(report?.diagnoses.length),
		bar: 3,
	},
	{
		keys: ['l'],
		shown: 'l',
		wish: {type: 'log'},
		says: say('log', '日志'),
		on: ['causes', 'fixes', 'plan', 'proof'],
		when: ({overlay}) => overlay === null,
		bar: 4,
	},
	{
		keys: ['l'],
		shown: 'l',
		wish: {type: 'log'},
		says: say('close', '关闭'),
		when: ({overlay}) => overlay === 'log',
	},
	{
		keys: ['/'],
		shown: '/',
		wish: {type: 'search'},
		says: say('search', '查找'),
		when: ({overlay, log}) => overlay === 'log' && Boolean(log?.lines?.length),
		bar: 4,
	},
	{
		keys: ['n'],
		shown: 'n',
		wish: {type: 'find', by: 1},
		says: say('next match', '下一处'),
		when: isFound,
		bar: 3,
	},
	{keys: ['N'], shown: 'N', wish: {type: 'find', by: -1}, says: say('previous match', '上一处'), when: isFound},
	{
		keys: ['tab'],
		shown: 'Tab',
		wish: {type: 'turn', by: 1},
		says: say('next service', '下一个服务'),
		when: hasMoreLogs,
		bar: 5,
	},
	{
		keys: ['shift-tab'],
		shown: 'Shift-Tab',
		wish: {type: 'turn', by: -1},
		says: say('service before', '上一个服务'),
		when: hasMoreLogs,
	},
	{
		keys: ['r'],
		shown: 'r',
		wish: {type: 'again'},
		says: say('read anew', '重新读取'),
		when: ({overlay, reading}) => overlay === 'log' && reading === null,
		bar: 6,
	},
	{
		keys: ['c'],
		shown: 'c',
		wish: {type: 'copy'},
		says: say('copy', '复制'),
		on: ['fixes', 'plan', 'consent', 'proof'],
		when: session => session.overlay === null && copied(session) !== null,
		bar: 5,
	},
	{
		keys: ['r'],
		shown: 'r',
		wish: {type: 'again'},
		says: say('ask again', '重新检查'),
		on: askable,
		when: ({overlay, task}) => overlay === null && task === null,
		bar: 6,
	},
	{
		keys: ['esc', 'left'],
		shown: 'Esc',
		wish: {type: 'back'},
		says: session =>
			session.overlay === 'log' && (isSearching(session) || session.log?.query)
				? say('end search', '结束查找')
				: session.overlay
					? say('close', '关闭')
					: say('back', '返回'),
		when: goesBack,
		bar: 2,
	},
	{keys: ['?'], shown: '?', wish: {type: 'help'}, says: say('help', '帮助'), bar: 8},
	{
		keys: ['q'],
		shown: 'q',
		wish: {type: 'quit'},
		says: session => (isChanging(session) ? say('stop', '停止') : say('quit', '退出')),
		bar: 7,
	},
];

export const wordsOf = ({says}: Binding, session: Session): Text => (typeof says === 'function' ? says(session) : says);

const works = ({on, when}: Binding, session: Session): boolean =>
	(on?.includes(session.screen) ?? true) && (when?.(session) ?? true);

/** Keys that still command while letters are being typed. */
const commanding = new Set(['ctrl-c', 'enter', 'esc', 'up', 'down', 'page-up', 'page-down']);

/** What works here and now, in the order of the table. */
export const bindingsFor = (session: Session): Binding[] =>
	bindings.filter(
		binding => works(binding, session) && (!isTyping(session) || binding.keys.some(key => commanding.has(key))),
	);

/** @returns the wish of a key on this screen, or null when it means nothing here */
export function wishOf(session: Session, key: string): Wish | null {
	if (isTyping(session) && !commanding.has(key)) {
		if (key === 'backspace') return {type: 'erase'};
		return [...key].length === 1 ? {type: 'type', text: key} : null;
	}
	return bindingsFor(session).find(({keys}) => keys.includes(key))?.wish ?? null;
}

/** The command line that shows the plan of a fix and writes nothing. */
export const planCommand = (fix: string, session: Session): string =>
	`compose-medic fix ${fix} --plan${where(session)}`;

/** Names the deployment, so that a command line works from any folder. */
export const where = ({target, project}: Session): string =>
	target?.kind === 'database' || !project ? '' : ` --project ${project}`;

/** What `c` copies: the commands of the plan, the way back, or the command line that does what is under the cursor. */
export function copied(session: Session): string | null {
	const {screen, shown, run, finding, cursor} = session;
	switch (screen) {
		case 'plan':
		case 'consent':
			return (
				shown
					.map(({like}) => like)
					.filter(Boolean)
					.join('\n') || null
			);
		case 'proof':
			return run?.finished?.undo ?? null;
		case 'fixes': {
			const fix = finding?.fixes[cursor.fixes];
			return fix ? planCommand(fix.id, session) : null;
		}
		default:
			return null;
	}
}
