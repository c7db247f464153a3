import {expect, test} from 'vitest';
import {findRelation, rowsOfXml} from '../../source/core/database-content.ts';

const content = {relations: ['app.users', 'public.orders'], more: false};

test('a relation is where an unqualified name finds it, elsewhere, or nowhere', () => {
	expect(findRelation(content, 'orders')).toBe('exists');
	expect(findRelation(content, 'public.orders')).toBe('exists');
	expect(findRelation(content, 'users')).toEqual({schema: 'app'});
	expect(findRelation(content, 'app.users')).toBe('exists');
	expect(findRelation(content, 'app.orders')).toBe('missing');
	expect(findRelation(content, 'customers')).toBe('missing');
});

test('what was not read is not called missing', () => {
	expect(findRelation({...content, more: true}, 'customers')).toBe('unknown');
	expect(findRelation({...content, more: true}, 'app.customers')).toBe('unknown');
});

test('rows come out of the server’s XML as they were', () => {
	const xml = `<table xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">

<row>
  <version>a &amp;lt; &lt;b&gt;
second line</version>
</row>

<row>
  <version>7</version>
</row>

</table>
`;
	expect(rowsOfXml(xml)).toEqual([{version: 'a &lt; <b>\nsecond line'}, {version: '7'}]);
	expect(rowsOfXml('<table>\n\n</table>')).toEqual([]);
});
