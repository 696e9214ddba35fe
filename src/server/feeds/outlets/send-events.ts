import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Problem } from '../../../api/problem.js';
import { openFeed, type OpenTo } from './open-feed.js';
import { SseOutput } from './sse-output.js';

interface Sending<Wish extends { readonly shard: number }> extends OpenTo<Wish> {
  readonly wish: Wish;
  /** Position that is sent first, for a reader that comes back before it has had its first message; undefined where it needs none. */
  readonly from: number | undefined;
}

/** Answers with server-sent events, or says why not. */
export function sendEvents<Wish extends { readonly shard: number }>(
  { caller: { key } }: FastifyRequest,
  reply: FastifyReply,
  { wish, from, ...where }: Sending<Wish>,
): Problem | undefined {
  const opened = openFeed(where, { output: new SseOutput(reply.raw), wish, key });
  if (!opened.ok) return opened;
  begin(reply, from);
  return undefined;
}

function begin(reply: FastifyReply, from: number | undefined): void {
  reply.hijack();
  reply.raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    ...(from !== undefined && { 'parley-from': String(from) }),
  });
  reply.raw.write(from !== undefined && from > 0 ? `retry: 1000\nid: ${from - 1}\n\n` : 'retry: 1000\n\n');
}
