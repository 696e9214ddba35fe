import type { Shard } from '../../../src/exchange/shard/shard.js';
import type { FlowPlayer } from '../flow/flow-player.js';
import { flushed, type ShardTaker } from '../flow/shard-taker.js';

const CHUNK_POSTS = 512;

/** What a shard did in a stretch of time. Only intentions whose answers were released as durable within it count. */
export interface Stretch {
  readonly seconds: number;
  readonly intentions: number;
  readonly deals: number;
  readonly events: number;
  readonly commits: number;
  /** Of events, without the headers of frames. */
  readonly bytes: number;
  /** Processor time of the whole process. */
  readonly cpuSeconds: number;
  /** Durable answers in each whole second. */
  readonly perSecond: readonly number[];
}

/** Posts as fast as the shard takes it: a chunk, one round of the event loop, the next chunk; when the shard is congested, it waits. */
export class Producer {
  private released = 0;

  constructor(
    private readonly player: FlowPlayer,
    private readonly taker: ShardTaker,
  ) {}

  /** Plays the round to its end and checks that the shard, on a fresh log, has made the deals that the flow’s own book has made. */
  async finish(): Promise<void> {
    const { player, taker } = this;
    taker.beginChunk();
    player.finishRound(taker);
    await flushed(taker.shard);
    const { deals, openIntentions } = taker.shard.status();
    if (deals !== player.dealsOfWholeRounds || openIntentions !== 0) {
      throw new Error(`${deals} deals and ${openIntentions} resting; expected ${player.dealsOfWholeRounds} and none`);
    }
  }

  /** Ends when everything that was posted is durable; what becomes durable after the time is up is not counted. */
  async run(seconds: number): Promise<Stretch> {
    const {
      player,
      taker,
      taker: { shard },
    } = this;
    const perSecond: number[] = [];
    const releasedBefore = this.released;
    const postedBefore = player.posted;
    const before = shard.status();
    const cpu = process.cpuUsage();
    const from = performance.now();
    let elapsedMs = 0;
    while (elapsedMs < 1_000 * seconds) {
      taker.beginChunk();
      player.play(CHUNK_POSTS, taker);
      shard.whenDurable(() => {
        this.released += CHUNK_POSTS;
        const second = Math.floor((performance.now() - from) / 1_000);
        perSecond[second] = (perSecond[second] ?? 0) + CHUNK_POSTS;
      });
      await (shard.isCongested ? drained(shard) : nextRound());
      elapsedMs = performance.now() - from;
    }
    const after = shard.status();
    const { user, system } = process.cpuUsage(cpu);
    const intentions = this.released - releasedBefore;
    await flushed(shard);
    return {
      seconds: elapsedMs / 1_000,
      intentions,
      deals: ((after.deals - before.deals) * intentions) / (player.posted - postedBefore),
      events: after.durable - before.durable,
      commits: after.commits - before.commits,
      bytes: after.bytesCommitted - before.bytesCommitted,
      cpuSeconds: (user + system) / 1e6,
      perSecond: perSecond.slice(0, Math.floor(elapsedMs / 1_000)),
    };
  }
}

function nextRound(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function drained(shard: Shard): Promise<void> {
  return new Promise((resolve) => {
    const end = shard.onDurable(() => {
      if (shard.isCongested) return;
      end();
      resolve();
    });
  });
}
