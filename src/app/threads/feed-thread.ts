/** The thread of the feeds: follows the logs of all shards, once for all feeds, and encodes what they are sent. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { FeedHub } from '../../server/feeds/feed-hub.js';
import type { FeedItem } from '../../server/feeds/feed-source.js';
import type { LogTarget } from '../logs/log-target.js';
import { targetOf } from '../logs/targets.js';
import type { LogSettings } from '../logs/settings.js';
import { DurableLog, HighWatermark } from './durable-log.js';
import { type FromFeedThread, tellable, type ToFeedThread } from './feed-messages.js';
import { giveWay } from './give-way.js';

export interface FeedThreadData {
  readonly shards: readonly {
    readonly log: LogSettings;
    /** Up to where the log is durable when the thread starts; undefined where the log itself shows only what is. */
    readonly durable: number | undefined;
  }[];
}

interface Followed {
  readonly place: LogTarget;
  readonly hub: FeedHub;
  readonly mark: HighWatermark | undefined;
}

async function run(port: MessagePort, { shards }: FeedThreadData): Promise<void> {
  giveWay();
  const followed = new Map<number, Followed>();
  for (const shard of shards) followed.set(shard.log.shard, await follow(port, shard));
  port.on('message', (message: ToFeedThread) => {
    if (!('end' in message)) obey(message, followed);
    else void end(port, followed);
  });
}

async function follow(port: MessagePort, { log, durable }: FeedThreadData['shards'][number]): Promise<Followed> {
  const place = await targetOf(log);
  const read = await place.log();
  const mark = durable === undefined ? undefined : new HighWatermark(durable);
  const { shard } = log;
  const hub = new FeedHub(mark === undefined ? read : new DurableLog(read, mark), (round) => tell(port, shard, round));
  return { place, hub, mark };
}

function tell(port: MessagePort, shard: number, round: readonly FeedItem[]): void {
  const memory = round.flatMap((item) => ('error' in item ? [] : [item.bytes.buffer, item.ranges.buffer]));
  const message: FromFeedThread = { shard, round: round.map(tellable) };
  port.postMessage(message, memory as ArrayBuffer[]); // the hub made them for this round alone
}

function obey(message: Exclude<ToFeedThread, { end: true }>, followed: ReadonlyMap<number, Followed>): void {
  if ('subscribe' in message) followed.get(message.wish.shard)?.hub.subscribe(message.subscribe, message.wish);
  else if ('unsubscribe' in message) followed.get(message.shard)?.hub.unsubscribe(message.unsubscribe);
  else if ('credits' in message) followed.get(message.shard)?.hub.credit(message.credits);
  else if ('acknowledge' in message) followed.get(message.acknowledge)?.hub.acknowledge();
  else followed.get(message.shard)?.mark?.advance(message.durable);
}

async function end(port: MessagePort, followed: ReadonlyMap<number, Followed>): Promise<void> {
  port.close();
  for (const { hub, place } of followed.values()) {
    hub.end();
    await place.close();
  }
}

if (parentPort !== null) await run(parentPort, workerData as FeedThreadData); // ThreadedFeeds starts it with nothing else
