import { availableParallelism, totalmem } from 'node:os';
import { defineConfig } from 'vitest/config';
import { PATIENCE_MS } from './test/support/patience.js';

/** A larger dose of the properties takes longer: test/support/property/runs.ts. */
const dose = Math.max(1, Number(process.env.PARLEY_RUNS ?? 1) || 1);
/** After what they wait for, so that it is that which says what did not come. */
const timeout = 1.25 * PATIENCE_MS * dose;

/** A worker and what it starts take some 500 MB; of a container's memory only its own limit tells. */
const BYTES_A_WORKER = 750e6;
const memory = Math.min(totalmem(), process.constrainedMemory() || Infinity);
const workers = Math.max(1, Math.min(2, availableParallelism(), Math.floor(memory / BYTES_A_WORKER)));

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['./test/support/spoil-messages.ts'],
    globalSetup: ['./test/support/needs/global-setup.ts'],
    pool: 'forks',
    maxWorkers: workers,
    testTimeout: timeout,
    hookTimeout: timeout,
    teardownTimeout: timeout,
    expect: { poll: { timeout: PATIENCE_MS, interval: 20 } },
    reporters: ['default', './test/support/summary-reporter.ts'],
  },
});
