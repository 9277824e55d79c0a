import type { Reporter, TestModule } from 'vitest/node';

/** Ends the output of a test run with `N passed, N failed` alone on a line. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    let passed = 0;
    let failed = errors.length;
    for (const module of modules) {
      if (!module.ok() && [...module.children.allTests()].every((one) => one.ok())) failed += 1;
      for (const one of module.children.allTests()) {
        if (one.result().state === 'passed') passed += 1;
        if (one.result().state === 'failed') failed += 1;
      }
    }
    process.on('exit', () => console.log(`${passed} passed, ${failed} failed`));
  }
}
