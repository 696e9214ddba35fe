/** What a thread of feeds does: follows the logs of all shards, and has one hub for each. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { ShardLog } from '../../../log/port.js';
import type { FeedItem, Hub, TakeRound } from '../../../server/feeds/feed-source.js';
import type { LogTarget } from '../../logs/log-target.js';
import { targetOf } from '../../logs/targets.js';
import { DurableLog, HighWatermark } from '../durable-log.js';
import { giveWay } from '../give-way.js';
import type { ThreadShard } from '../query-thread.js';
import { type FromFeedThread, tellable, type ToFeedThread } from './feed-messages.js';

export interface HubThreadData {
  readonly shards: readonly ThreadShard[];
}

/** What a hub is made of: a shard's log, which shows what is durable, and where its query store is; how many shards there are. */
export interface HubPlace {
  readonly log: ShardLog;
  readonly file: string;
  readonly shards: number;
}

type MakeHub<Wish> = (place: HubPlace, takeRound: TakeRound) => Hub<Wish>;

interface Followed<Wish> {
  readonly place: LogTarget;
  readonly hub: Hub<Wish>;
  readonly mark: HighWatermark | undefined;
}

/** To be called in a thread that ThreadedFeeds has started. */
export async function runHubs<Wish extends { readonly shard: number }>(makeHub: MakeHub<Wish>): Promise<void> {
  if (parentPort !== null) await run(parentPort, workerData as HubThreadData, makeHub); // ThreadedFeeds starts it with nothing else
}

async function run<Wish extends { readonly shard: number }>(
  port: MessagePort,
  { shards }: HubThreadData,
  makeHub: MakeHub<Wish>,
): Promise<void> {
  giveWay();
  const followed = new Map<number, Followed<Wish>>();
  for (const { log: settings, file, durable } of shards) {
    const { shard } = settings;
    const place = await targetOf(settings);
    const read = await place.log();
    const mark = durable === undefined ? undefined : new HighWatermark(durable);
    const log = mark === undefined ? read : new DurableLog(read, mark);
    const hub = makeHub({ log, file, shards: shards.length }, (round) => tell(port, shard, round));
    followed.set(shard, { place, hub, mark });
  }
  port.on('message', (message: ToFeedThread<Wish>) => {
    if (!('end' in message)) obey(message, followed);
    else void end(port, followed);
  });
}

function tell(port: MessagePort, shard: number, round: readonly FeedItem[]): void {
  const memory = round.flatMap((item) => ('bytes' in item ? [item.bytes.buffer, item.ranges.buffer] : []));
  const message: FromFeedThread = { shard, round: round.map(tellable) };
  port.postMessage(message, memory as ArrayBuffer[]); // the hub made them for this round alone
}

function obey<Wish extends { readonly shard: number }>(
  message: Exclude<ToFeedThread<Wish>, { end: true }>,
  followed: ReadonlyMap<number, Followed<Wish>>,
): void {
  if ('subscribe' in message) followed.get(message.wish.shard)?.hub.subscribe(message.subscribe, message.wish);
  else if ('unsubscribe' in message) followed.get(message.shard)?.hub.unsubscribe(message.unsubscribe);
  else if ('credits' in message) followed.get(message.shard)?.hub.credit(message.credits);
  else if ('acknowledge' in message) followed.get(message.acknowledge)?.hub.acknowledge();
  else followed.get(message.shard)?.mark?.advance(message.durable);
}

async function end<Wish>(port: MessagePort, followed: ReadonlyMap<number, Followed<Wish>>): Promise<void> {
  port.close();
  for (const { hub, place } of followed.values()) {
    hub.end();
    await place.close();
  }
}
