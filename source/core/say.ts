/** One sentence in both languages, side by side at the place of use. Backticks mark commands and literal values. */
export type Text = {en: string; zh: string};

export const languages = ['en', 'zh'] as const;
export type Language = (typeof languages)[number];

export const say = (en: string, zh: string): Text => ({en, zh});

/** A text that is the same in every language: a log line, a command, an identifier. */
export const verbatim = (text: string): Text => ({en: text, zh: text});

export const tell = (text: Text, language: Language): string => text[language];

/** Joins texts with the list separator of each language. */
export const list = (items: readonly string[]): Text => ({en: items.join(', '), zh: items.join('、')});

/**
 * The language to speak: `--lang`, then LC_ALL, LC_MESSAGES, LANG (the order POSIX gives), then English.
 * @param wanted the value of `--lang`, already checked
 */
export function pickLanguage(wanted: Language | undefined, env: Record<string, string | undefined>): Language {
	if (wanted) return wanted;
	const locale = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '';
	return locale.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}
