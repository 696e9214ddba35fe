import type { Ticker } from '../../client/market/market-types.js';
import type { LogMoment } from '../../client/history/history-types.js';
import type { CallOptions } from '../../client/types.js';
import { shardOf } from '../../domain/ids.js';
import type { Asked } from './source.js';

/** What of the client is needed to find out where moments are. */
export interface MomentCalls {
  moment(options: CallOptions & { readonly at: number; readonly shard: number | undefined }): Promise<LogMoment>;
  ticker(symbol: string, options: CallOptions): Promise<Ticker>;
}

/** Before anything happened. */
const BEFORE_ALL = '1970-01-01T00:00:00Z';

/**
 * How a server is asked for a moment, which is a position of one shard's log: with the position where the answer is about that shard, and
 * with the time then where it is about another or about several. Where there is one shard alone, all is asked with the position.
 */
export class ShardMoments {
  private isAlone = false;
  private last: { readonly key: string; readonly moment: Promise<LogMoment> } | undefined;
  /** Shards by the instruments that they list, which stay there. */
  private readonly homes = new Map<string, number | undefined>();

  constructor(private readonly calls: MomentCalls) {}

  /** Of what all shards may have a part in. */
  ofAll<Query extends Asked>(asked: Query): Promise<Omit<Query, 'shard'>> {
    return this.asked(asked, () => undefined);
  }

  /** Of an intention (`12`) or a deal (`12-3`). */
  ofId<Query extends Asked>(id: string, asked: Query): Promise<Omit<Query, 'shard'>> {
    return this.asked(asked, () => shardOf(Number.parseInt(id, 10)));
  }

  ofInstrument<Query extends Asked>(symbol: string, asked: Query): Promise<Omit<Query, 'shard'>> {
    return this.asked(asked, () => this.homeOf(symbol, asked));
  }

  private async asked<Query extends Asked>(
    { shard, ...asked }: Query,
    homeOf: () => number | undefined | Promise<number | undefined>,
  ): Promise<Omit<Query, 'shard'>> {
    if (asked.at === undefined || this.isAlone) return asked;
    const moment = await this.momentAt(asked.at, shard);
    if (moment.shard === undefined) {
      this.isAlone = true;
      return asked;
    }
    if ((await homeOf()) === moment.shard) return asked;
    return { ...asked, at: undefined, atTime: moment.at ?? BEFORE_ALL };
  }

  /** Those who look at the same moment share one answer, so that it is not given up with one of them. */
  private momentAt(at: number, shard: number | undefined): Promise<LogMoment> {
    const key = `${shard ?? ''}/${at}`;
    if (this.last?.key === key) return this.last.moment;
    const moment = this.calls.moment({ at, shard });
    this.last = { key, moment };
    moment.catch(() => {
      if (this.last?.moment === moment) this.last = undefined;
    });
    return moment;
  }

  /** Undefined for one that is not listed. */
  private async homeOf(symbol: string, { signal }: CallOptions): Promise<number | undefined> {
    if (!this.homes.has(symbol)) {
      const ticker = await this.calls.ticker(symbol, { signal }).catch(() => undefined);
      if (ticker === undefined) return undefined;
      this.homes.set(symbol, ticker.shard);
    }
    return this.homes.get(symbol);
  }
}
