import {expect, test} from 'vitest';
import {dependencyOrder} from '../../source/core/order.ts';

const services = [
	{service: 'nginx', dependsOn: ['api', 'web']},
	{service: 'api', dependsOn: ['db', 'redis']},
	{service: 'worker', dependsOn: ['api']},
	{service: 'web', dependsOn: []},
	{service: 'db', dependsOn: []},
	{service: 'a', dependsOn: ['b']},
	{service: 'b', dependsOn: ['a']},
];

test('each comes after what it depends on, also through services that are not asked for', () => {
	expect(dependencyOrder(['nginx', 'worker', 'db', 'api'], services)).toEqual(['db', 'api', 'nginx', 'worker']);
	expect(dependencyOrder(['worker', 'db'], services)).toEqual(['db', 'worker']);
	expect(dependencyOrder(['nginx', 'db', 'api'], services, true)).toEqual(['nginx', 'api', 'db']);
});

test('circles and unknown names end', () => {
	expect(dependencyOrder(['a', 'b', 'stranger'], services)).toEqual(['b', 'a', 'stranger']);
});
