import { join } from 'node:path';
import { flowSymbol, makeFlow } from '../flow/flow.js';
import { load } from './http-load.js';
import { SinglePosts, StreamedPosts } from './http-traffic.js';
import type { Part } from '../part.js';
import { listInstrument, startServerProcess } from './server-process.js';
import { rounded } from '../statistics.js';

const CONNECTIONS = 64;
const STREAM_CONNECTIONS = 8;
const STREAM_LINES = 500;

/** The real server in a process of its own; this one sends. Both share the machine, and so do the server’s own threads. */
export const http: Part = async ({ seconds, quick, folder }) => {
  const block = makeFlow();
  const time = quick ? 1 : Math.min(10, seconds);
  const server = await startServerProcess(join(folder, 'server'));
  try {
    const { port } = server;
    await listInstrument(port, flowSymbol);
    const single = new SinglePosts(block);
    await load(port, CONNECTIONS, time / 5, single);
    const posts = await load(port, CONNECTIONS, time, single);
    const streamed = new StreamedPosts(block, STREAM_LINES);
    await load(port, STREAM_CONNECTIONS, time / 5, streamed);
    const lines = await load(port, STREAM_CONNECTIONS, time, streamed);
    return {
      postsPerSecond: rounded(posts.intentions / posts.seconds),
      connections: CONNECTIONS,
      ndjsonIntentionsPerSecond: rounded(lines.intentions / lines.seconds),
      ndjsonConnections: STREAM_CONNECTIONS,
      ndjsonLines: STREAM_LINES,
    };
  } finally {
    await server.stop();
  }
};
