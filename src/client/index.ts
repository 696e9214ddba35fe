/** The client of Parley's HTTP interface. It stands alone: all it needs is fetch. */
export { ParleyClient, type ParleyClientOptions } from './client.js';
export { ParleyError } from './error.js';
export type { Intentions, PostStreamOptions } from './post-stream.js';
export type { RetryOptions } from './retry.js';
export type * from './filters.js';
export type { Fetch } from './transport.js';
export type * from './types.js';
