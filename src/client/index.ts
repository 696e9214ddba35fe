/** The client of Parley's HTTP interface. It stands alone: all it needs is fetch. */
export { ParleyClient, type ParleyClientOptions } from './client.js';
export { ParleyError } from './error.js';
export type { Intentions, PostStreamOptions } from './post-stream.js';
export type { RetryOptions } from './retry.js';
export type * from './filters.js';
export { type RequestSigner, signerOf } from './signing.js';
export type { Fetch } from './transport.js';
export type * from './types.js';
export type { Command, CommandAnswer, Withdrawn } from './commands.js';
export type { Channel, MessageOf, Subscribe } from './channels.js';
export { KeepAlive, type KeepAliveOptions } from './keep-alive.js';
export { type CandleFilter, MarketData, type Moment, type TradeFilter } from './market.js';
export type * from './market-types.js';
export type { FollowOptions } from './message-stream.js';
export { type BookRate, OrderBook } from './order-book.js';
export type { AccountFilter, OwnFilter } from './own.js';
export type * from './own-types.js';
export { type MakeSocket, ParleySocket, type ParleySocketOptions, type SocketLike } from './socket.js';
