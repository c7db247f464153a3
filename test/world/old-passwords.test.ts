import {expect, test} from 'vitest';
import {oldPasswords, passwordsIn, writtenValues} from '../../source/world/old-passwords.ts';

const files = (texts: Record<string, string>) => ({
	read: async (path: string) => (path in texts ? Buffer.from(texts[path] ?? '') : null),
});

test('values are taken as they are written', async () => {
	const text = '# PW=no\r\nPW=pa$word # x\r\nexport Q="a b "\r\nEMPTY=\nnot a line\n';
	const values = await writtenValues(files({'/x/.env': text}), ['/x/.env', '/none']);
	expect(values.map(value => value.open())).toEqual(['pa$word # x', '"a b "']);
});

test('passwords are found by name and inside URLs', () => {
	const text =
		'DB_PASSWORD=one\nDATABASE_URL=postgres://a:two%21@h/d\nREDIS_URL=redis://:no@h\nUSER=no\nDB_PASS="three"\n';
	expect(passwordsIn(text).map(password => password.open())).toEqual(['one', 'two!', 'three']);
});

test('candidates: what a person gives first, then older copies, each once, in a stable order', async () => {
	const reader = files({
		'/x/.env': 'DB_PASSWORD=now\n',
		'/x/.env.bak': 'DB_PASSWORD=before\n',
		'/x/.env~': 'DB_PASSWORD=before\nA_PASSWORD=given\n',
	});
	const remembered: string[] = [];
	const found = await oldPasswords(reader, ['/x/.env'], {COMPOSE_MEDIC_PASSWORD: 'given'}, password =>
		remembered.push(password.open()),
	);
	expect(found.map(({from, password}) => [from.en, password.open()])).toEqual([
		['`COMPOSE_MEDIC_PASSWORD`', 'given'],
		['`/x/.env.bak`', 'before'],
		['`/x/.env`', 'now'],
	]);
	expect(remembered).toEqual(['given', 'before', 'now']);
});
