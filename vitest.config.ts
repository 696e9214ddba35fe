import { defineConfig } from 'vitest/config';

/** A larger dose of the properties takes longer: test/support/property/runs.ts. */
const patience = Math.max(1, Number(process.env.PARLEY_RUNS ?? 1) || 1);

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['./test/support/servers/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000 * patience,
    hookTimeout: 30_000,
    reporters: ['default', './test/support/summary-reporter.ts'],
  },
});
