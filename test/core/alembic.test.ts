import {expect, test} from 'vitest';
import {readRevisions} from '../../source/core/alembic.ts';

const file = (...lines: string[]): string => ['"""a change"""', 'from alembic import op', '', ...lines].join('\n');

test('what nothing comes after is the head', () => {
	const files = [
		file("revision = 'a1'", 'down_revision = None'),
		file('revision: str = "b2"', "down_revision: Union[str, None] = 'a1'", 'branch_labels = None'),
	];
	expect(readRevisions(files)).toEqual({all: ['a1', 'b2'], heads: ['b2']});
});

test('a merge comes after both, a branch has two heads', () => {
	const files = [
		file("revision = 'a1'", 'down_revision = None'),
		file("revision = 'b2'", "down_revision = 'a1'"),
		file("revision = 'c3'", "down_revision = 'a1'"),
	];
	expect(readRevisions(files).heads).toEqual(['b2', 'c3']);
	expect(readRevisions([...files, file("revision = 'd4'", "down_revision = ('b2', 'c3')")]).heads).toEqual(['d4']);
});

test('files that are no migrations count for nothing', () => {
	expect(readRevisions(['', 'print("revision")'])).toEqual({all: [], heads: []});
});
