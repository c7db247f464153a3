import {readFile} from 'node:fs/promises';
import {fixes} from '../source/fixes/index.ts';
import {printedTree, withFindings} from '../source/report/tree.ts';
import {labelOf} from '../source/tree/answers.ts';
import {chapters} from '../source/tree/index.ts';

/** Every page that is printed from the tree, as it should be now: path -> text. */
export async function printedPages(): Promise<Record<string, string>> {
	const print = {chapters, fixes, label: labelOf};
	return {
		'media/tree.en.md': printedTree({...print, language: 'en'}),
		'media/tree.zh.md': printedTree({...print, language: 'zh'}),
		'README.md': withFindings(await readFile('README.md', 'utf8'), chapters),
	};
}
