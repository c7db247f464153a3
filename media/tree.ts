import {writeFile} from 'node:fs/promises';
import {printedPages} from './printed.ts';

// Prints the decision tree for people, in both languages, and the README's table of it: `npm run tree`.

for (const [path, text] of Object.entries(await printedPages())) {
	await writeFile(path, text);
	console.log(`printed ${path}`);
}
