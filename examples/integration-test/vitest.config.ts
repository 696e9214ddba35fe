import { defineConfig } from 'vitest/config';

/** Containers take a while to start, and longer on a busy machine. */
export default defineConfig({
  test: { testTimeout: 300_000, hookTimeout: 300_000, expect: { poll: { timeout: 240_000 } } },
});
