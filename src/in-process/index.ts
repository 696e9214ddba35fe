/** An exchange in one's own process: the one that `parley serve` serves, without a server unless one is wanted. */
export { openExchange } from './open-exchange.js';
export type { ExchangeInProcess, ExchangeOptions, Listening, ListenOptions, Where } from './exchange-in-process.js';
export type { ExchangeCommands } from './commands.js';
export type { ExchangeReads, IntentionFilter } from './reads.js';
export type { LogEvent, EventFilter } from './log-events.js';
export type * from '../exchange/commands.js';
export { ShardUnavailableError } from '../exchange/port.js';
export type { Logger } from '../resilience/logger.js';
