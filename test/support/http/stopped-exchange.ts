import type { ShardStatus } from '../../../src/exchange/commands.js';
import { type ExchangePort, ShardUnavailableError } from '../../../src/exchange/port.js';

/** An exchange whose only shard has stopped at this position: what is durable of it is read from its query store. It takes no command. */
export function stoppedExchange(durable: number): ExchangePort {
  const refuse = (): Promise<never> => Promise.reject(new ShardUnavailableError('the shard has stopped'));
  const status: ShardStatus = {
    ...{ shard: 0, epoch: 1, state: 'stopped' as const, reason: 'for the test', head: durable, durable },
    ...{
      openIntentions: 0,
      intentions: 0,
      deals: 0,
      commits: 0,
      commitMs: 0,
      bytesCommitted: 0,
      rebuilt: 0,
      parked: 0,
      openings: 1,
    },
    aheadOfClockMs: 0,
  };
  return {
    ...{
      post: refuse,
      postAll: refuse,
      withdraw: refuse,
      withdrawAll: refuse,
      reduce: refuse,
      replace: refuse,
      list: refuse,
    },
    ...{
      changePhase: refuse,
      uncross: refuse,
      setSwitch: refuse,
      setLimits: refuse,
      instruments: refuse,
      instrument: refuse,
      book: refuse,
    },
    shards: () => [status],
    congested: false,
    drained: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
