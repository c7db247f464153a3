import {expect, test} from 'vitest';
import {objectsMadeBy} from '../../source/core/script-objects.ts';

const names = (text: string): string[] => objectsMadeBy(text).map(({kind, name}) => `${kind} ${name}`);

test.each([
	['CREATE TABLE Orders (id int)', ['relation orders']],
	['create table if not exists shop."Order Lines" (id int)', ['relation shop.Order Lines']],
	[
		'create unlogged table a(); create materialized view b as select 1; create sequence c',
		['relation a', 'relation b', 'relation c'],
	],
	["CREATE ROLE reports LOGIN PASSWORD 'x'", ['role reports']],
	['create user "Ann"', ['role Ann']],
	['create database shop owner ann', ['database shop']],
	['create schema if not exists audit', ['schema audit']],
	['create table a(); create table A();', ['relation a']],
	['create table 订单 (id int)', ['relation 订单']],
])('%s', (text, expected) => {
	expect(names(text).sort()).toEqual([...expected].sort());
});

test('what is only written about is not made', () => {
	expect(names('-- create table a()\n/* create role b */ select 1')).toEqual([]);
	expect(names('create user mapping for ann server s')).toEqual([]);
	expect(names('create schema authorization ann')).toEqual([]);
	expect(names('create temporary table t()')).toEqual([]);
});

test('no password comes out of a script', () => {
	expect(JSON.stringify(objectsMadeBy("create role a login password 'hunter2-secret'"))).not.toContain('hunter2');
});

test('a text made to be slow is read all the same', () => {
	const started = performance.now();
	objectsMadeBy(`create ${'table '.repeat(50_000)}${'"'.repeat(50_000)}${'/*'.repeat(50_000)}`);
	expect(performance.now() - started).toBeLessThan(2000);
});
