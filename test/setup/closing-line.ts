import type {Reporter, TestModule} from 'vitest/node';

/** Prints `N passed, N failed` as the last line. A skipped test proves nothing, so it counts as failed where CI runs. */
export default class ClosingLine implements Reporter {
	onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
		let passed = 0;
		let failed = errors.length;
		for (const module of modules) {
			failed += module.errors().length;
			for (const test of module.children.allTests()) {
				const {state} = test.result();
				if (state === 'passed') passed++;
				else if (state === 'failed' || process.env['CI']) {
					failed++;
					if (state !== 'failed') console.log(`not run: ${test.fullName}`);
				}
			}
		}
		if (failed > 0) process.exitCode = 1;
		// After vitest's own summary, so that this line closes the output.
		process.once('exit', () => console.log(`${passed} passed, ${failed} failed`));
	}
}
