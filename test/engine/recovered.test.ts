import {expect, test} from 'vitest';
import type {Finding} from '../../source/core/diagnosis.ts';
import {seeing, walk} from '../../source/core/walk.ts';
import {type Changes, sampleFacts, seen} from '../../source/diagnoses/samples.ts';
import {recoveryChecks} from '../../source/engine/recovered.ts';
import {pageAnswer} from '../../source/probes/page-answer.ts';
import {labelOf} from '../../source/tree/answers.ts';
import {chapters} from '../../source/tree/index.ts';

const stale: Changes = {proofs: {api: {verdict: 'wrong'}, worker: {verdict: 'wrong'}}};
const finding = (): Finding => {
	const [found] = walk(chapters, sampleFacts(stale), labelOf).findings;
	if (!found) throw new Error('nothing found');
	return found;
};
const port = {container: 80, protocol: 'tcp', hostAddress: '0.0.0.0', hostPort: 80};
const nginx = {nginx: {ports: [{...port, container: 443}, port]}};

/** The checks that fail, with these answers of the pages. */
function against(pages: Record<string, number | 'none' | null>, change: Changes = {}, affects = ['api', 'nginx']) {
	const also = Object.entries({'api:5001/health': 200, ...pages} as const).map(([page, status]) =>
		seen(pageAnswer, page, {status}),
	);
	const see = seeing(sampleFacts({services: nginx, also, ...change}));
	const checks = recoveryChecks(see, {...finding(), affects}, {restarts: []});
	return checks.filter(({passes}) => !passes(see)).map(({says}) => says.en);
}

test('the database accepts, and the page of nginx answers', () => {
	expect(against({'nginx:80/': 200})).toEqual([]);
	expect(against({'nginx:80/': 307})).toEqual([]);
	expect(against({'nginx:80/': 502})).toEqual(['`nginx:80/` answers']);
	expect(against({'nginx:80/': 200, 'api:5001/health': 503})).toEqual(['`api:5001/health` answers']);
	expect(against({'nginx:80/': 'none'})).toEqual(['`nginx:80/` answers']);
	expect(against({'nginx:80/': 200}, {readiness: {state: 'down'}})).toEqual(['`db` accepts connections over TCP']);
});

test('an image that has nothing to ask with keeps no cure from being proven', () => {
	expect(against({'nginx:80/': null})).toEqual([]);
});

test('services that the diagnosis was not about are not asked', () => {
	expect(against({}, {}, ['api'])).toEqual([]);
});
