/** The entry of the worker that reads, folds and audits logs, so that the page never waits for it. */
import { sha256 } from '@noble/hashes/sha2';
import { type CallPort, serveCalls } from '../source/worker-calls.js';
import { logHandlers } from './log-file/handlers.js';

// A worker's own scope is the port to whoever started it.
serveCalls(
  globalThis as unknown as CallPort,
  logHandlers(() => sha256.create()),
);
