import type { Part } from './part.js';

/** In the order in which they run. Each is loaded in its own process, so that none runs on code that another has warmed up. */
export const parts: Readonly<Record<string, () => Promise<Part>>> = {
  machine: async () => (await import('./machine.js')).machine,
  generator: async () => (await import('./generator.js')).generator,
  engine: async () => (await import('./parts/engine.js')).engine,
  shard: async () => (await import('./parts/shard.js')).shard,
  shard1: async () => (await import('./scaling/shard-one.js')).shardOne,
  durable: async () => (await import('./parts/durable.js')).durable,
  shards: async () => (await import('./scaling/shards.js')).shards,
  replay: async () => (await import('./parts/replay.js')).replay,
  history: async () => (await import('./parts/history.js')).history,
  store: async () => (await import('./parts/store.js')).store,
  latency: async () => (await import('./parts/latency.js')).latency,
  http: async () => (await import('./http/http.js')).http,
  ws: async () => (await import('./socket/socket.js')).ws,
  bookStream: async () => (await import('./socket/book-stream.js')).bookStream,
  client: async () => (await import('./parts/client.js')).client,
  page: async () => (await import('./page/page.js')).page,
  memory: async () => (await import('./parts/memory.js')).memory,
  scaling: async () => (await import('./scaling/scaling.js')).scaling,
  peer: async () => (await import('./flow/peer.js')).peer,
  kafka: async () => (await import('./kafka/kafka.js')).kafka,
  takeOver: async () => (await import('./kafka/take-over.js')).takeOver,
};

/** Run by parts, in processes of their own. */
export const slices: typeof parts = {
  shardSlice0: async () => (await import('./parts/shard.js')).shardSlice(0),
  shardSlice1: async () => (await import('./parts/shard.js')).shardSlice(1),
};
