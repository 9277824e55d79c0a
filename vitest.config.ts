import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', './test/summary-reporter.ts'],
    testTimeout: 30_000,
    // On a busy machine a process may be late; the reporter names the tests that had to be repeated.
    retry: process.env['CI'] === undefined ? 0 : 1,
  },
});
