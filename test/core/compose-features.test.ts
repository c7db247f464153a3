import {expect, test} from 'vitest';
import {featuresIn, isOlder} from '../../source/core/compose-features.ts';

test('a feature is told by its key, anchors and merges included', () => {
	const text = `
x-check: &check {test: [CMD, "true"], start_interval: 1s}
services:
  db: {image: postgres, healthcheck: {<<: *check, interval: 5s}}
  app: {image: app, networks: {default: {mac_address: "02:42:ac:11:00:09"}}, healthcheck: {test: [CMD, "true"]}}
  web: {image: web, networks: [default], volumes: ["./a:/a", {type: image, source: x, target: /y}]}
`;
	expect(featuresIn([text]).map(({service, key}) => `${service} ${key}`)).toEqual([
		'db healthcheck.start_interval',
		'app networks.*.mac_address',
		'web volumes: type image',
	]);
	expect(featuresIn(['services: [', '- 1', ''])).toEqual([]);
});

test('versions are compared by number', () => {
	expect(isOlder('1.41', '1.44')).toBe(true);
	expect(isOlder('1.9', '1.44')).toBe(true);
	expect(isOlder('1.44', '1.44')).toBe(false);
	expect(isOlder('1.100', '1.44')).toBe(false);
});
