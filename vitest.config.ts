import { defineConfig } from 'vitest/config';
import { PATIENCE_MS } from './test/support/patience.js';

/** A larger dose of the properties takes longer: test/support/property/runs.ts. */
const dose = Math.max(1, Number(process.env.PARLEY_RUNS ?? 1) || 1);
/** After what they wait for, so that it is that which says what did not come. */
const timeout = 1.25 * PATIENCE_MS * dose;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['./test/support/needs/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: timeout,
    hookTimeout: timeout,
    teardownTimeout: timeout,
    expect: { poll: { timeout: PATIENCE_MS, interval: 20 } },
    reporters: ['default', './test/support/summary-reporter.ts'],
  },
});
