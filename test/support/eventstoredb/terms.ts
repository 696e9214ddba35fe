/** The options of logs on EventStoreDB in tests, on the stand-in and on real servers. */
import { wordy } from '../log/batches.js';
import { PATIENCE_MS } from '../patience.js';

/** A log waits as long as tests do. */
export const PATIENT = { patienceMs: PATIENCE_MS, answerMs: PATIENCE_MS };

/** Some 5 MB: more than a gRPC message, several appends, and several pages. */
export const LARGE_BATCH = { count: 5_000, event: wordy };
