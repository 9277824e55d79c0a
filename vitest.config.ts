import { defineConfig } from 'vitest/config';
import { testsOfProgram } from './test/support/tests-of-program.ts';

export default defineConfig({
  test: {
    // The program as one file runs what runs the program.
    include: process.env['SOTTO_BIN'] === undefined ? ['test/**/*.test.ts'] : testsOfProgram(),
    reporters: ['default', './test/support/summary-reporter.ts'],
    // Nobody waits that long where all is well; on a busy machine programs are late.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    // The reporter names what had to be repeated.
    retry: process.env['CI'] === undefined ? 0 : 1,
  },
});
