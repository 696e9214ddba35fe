import type { Part } from './part.js';

/** In the order in which they run. Each is loaded in its own process, so that none runs on code that another has warmed up. */
export const parts: Readonly<Record<string, () => Promise<Part>>> = {
  machine: async () => (await import('./machine.js')).machine,
  generator: async () => (await import('./generator.js')).generator,
  engine: async () => (await import('./engine.js')).engine,
  shard: async () => (await import('./shard.js')).shard,
  durable: async () => (await import('./durable.js')).durable,
  replay: async () => (await import('./replay.js')).replay,
  latency: async () => (await import('./latency.js')).latency,
  http: async () => (await import('./http.js')).http,
  memory: async () => (await import('./memory.js')).memory,
  scaling: async () => (await import('./scaling.js')).scaling,
  peer: async () => (await import('./peer.js')).peer,
  kafka: async () => (await import('./kafka.js')).kafka,
};
