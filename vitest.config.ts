import {defineConfig} from 'vitest/config';

export default defineConfig({
	test: {
		coverage: {
			// What writes. The processes that tests start on their own are not counted.
			include: ['source/engine/**', 'source/steps/**', 'source/fixes/**', 'source/core/snapshot.ts'],
			reporter: [['text', {maxCols: 120}], 'text-summary'],
			reportOnFailure: true,
		},
		projects: [
			{
				test: {
					name: 'pure',
					include: ['test/**/*.test.{ts,tsx}'],
					exclude: ['test/on-engine/**'],
					sequence: {groupOrder: 0},
				},
			},
			{
				test: {
					name: 'on-engine',
					include: ['test/on-engine/**/*.test.ts'],
					testTimeout: 600_000,
					// A crowded machine may miss a deadline once; what fails twice is a fault of ours.
					retry: 1,
					hookTimeout: 240_000,
					// Two cores carry about three small deployments at once; more only wait for each other.
					maxWorkers: 1,
					fileParallelism: false,
					maxConcurrency: 3,
					sequence: {groupOrder: 1},
				},
			},
		],
	},
});
