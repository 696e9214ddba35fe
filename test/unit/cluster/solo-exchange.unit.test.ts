import { describe, expect, it } from 'vitest';
import { SoloExchange } from '../../../src/cluster/solo-exchange.js';
import { isFinalAlone } from '../../../src/app/serving/final.js';
import type { ShardStatus } from '../../../src/exchange/commands.js';
import { Exchange } from '../../../src/exchange/exchange.js';
import { silentLogger } from '../../../src/resilience/logger.js';
import { DamagedLogError, type Evidence, LogLostError } from '../../../src/log/port.js';
import { VirtualTime } from '../../support/time/virtual-time.js';
import { MemoryLog, type PlannedFailure } from '../../support/log/memory-log.js';
import { PATIENCE_MS } from '../../support/patience.js';

const LONGEST_PAUSE_MS = 30_000;
const acme = { symbol: 'ACME', tickSize: '1', lotSize: '1' } as const;
const bid = (clientIntentionId: string) =>
  ({ clientIntentionId, participant: 'alice', instrument: 'ACME', side: 'buy', price: '10', quantity: '1' }) as const;

/** An exchange that stands alone, on a log that fails as a test says. */
class Standing {
  readonly time = new VirtualTime();
  readonly finals: string[] = [];
  /** The outcome of the next append, once. */
  next: PlannedFailure | undefined;
  /** Thrown by every opening while it is set. */
  trouble: Error | undefined;
  known: Evidence[] = [];
  readonly log = new MemoryLog({
    plan: () => {
      const failure = this.next;
      this.next = undefined;
      return failure;
    },
  });
  readonly exchange = new SoloExchange({
    ...{ shard: 0, logger: silentLogger, isFinal: isFinalAlone, scheduler: this.time.scheduler },
    now: this.time.now,
    onFinal: (reason) => this.finals.push(reason),
    openShard: async () => {
      if (this.trouble !== undefined) throw this.trouble;
      const evidence = async (): Promise<Evidence[]> => this.known;
      const exchange = await Exchange.open(this.log, { evidence });
      exchange.log.onStopped(() => this.known.push(exchange.log.evidence));
      return exchange;
    },
  });

  static async open(): Promise<Standing> {
    const standing = new Standing();
    await standing.exchange.open();
    await standing.exchange.list(acme);
    return standing;
  }

  get status(): ShardStatus | undefined {
    return this.exchange.shards()[0];
  }

  async untilServing(): Promise<void> {
    await this.time.pass(LONGEST_PAUSE_MS);
    await expect.poll(() => this.status?.state, { timeout: PATIENCE_MS }).toBe('serving');
  }
}

describe('an exchange that stands alone', () => {
  it('An exchange that stands alone refuses all until it is opened, and says that it is being opened', async () => {
    const { exchange } = new Standing();
    await expect(exchange.post(bid('a'))).resolves.toMatchObject({ ok: false, code: 'SHARD_UNAVAILABLE' });
    await expect(exchange.postAll([bid('a'), bid('b')])).resolves.toHaveLength(2);
    await expect(exchange.instruments({ limit: 1 })).rejects.toThrow('being opened');
    expect(exchange.shards()).toMatchObject([{ state: 'recovering', openings: 0, durable: 0 }]);
  });

  it.each([true, false])(
    'An exchange that stands alone opens again after an outcome that is unknown, stored: %s, and answers as the log has it',
    async (stored) => {
      const standing = await Standing.open();
      const first = await standing.exchange.post(bid('a'));
      standing.next = { outcome: 'unknown', stored };
      await expect(standing.exchange.post(bid('b'))).resolves.toMatchObject({ ok: false, code: 'SHARD_UNAVAILABLE' });
      expect(standing.status).toMatchObject({ state: 'stopped', reason: expect.stringContaining('planned failure') });
      await standing.untilServing();
      expect(standing.status).toMatchObject({ openings: 2, epoch: 2 });
      expect(await standing.exchange.post(bid('a'))).toEqual(first);
      await expect(standing.exchange.post(bid('b'))).resolves.toMatchObject({ ok: true, id: '2' });
      await standing.exchange.close();
    },
  );

  it('An exchange that stands alone tries a log that is away later each time, up to half a minute', async () => {
    const standing = await Standing.open();
    standing.trouble = new Error('nobody answers');
    standing.next = { outcome: 'unknown', stored: false };
    await standing.exchange.post(bid('a'));
    await standing.time.pass(110_000);
    expect(standing.status).toMatchObject({ state: 'stopped', reason: 'nobody answers', openings: 1 });
    expect(standing.finals).toEqual([]);
    standing.trouble = undefined;
    await standing.untilServing();
    await standing.exchange.close();
  });

  it.each([
    new DamagedLogError('a frame is damaged', { file: 'a.log', byte: 1, frame: 0 }),
    new LogLostError('the log is not what it was'),
  ])(
    'An exchange that stands alone stays stopped for what cannot get better, and says it once: $code',
    async (trouble) => {
      const standing = await Standing.open();
      standing.trouble = trouble;
      standing.next = { outcome: 'unknown', stored: false };
      await standing.exchange.post(bid('a'));
      await standing.time.pass(60_000);
      standing.trouble = undefined;
      await standing.time.pass(60_000);
      expect(standing.finals).toEqual([trouble.message]);
      expect(standing.status).toMatchObject({ state: 'stopped', reason: trouble.message, openings: 1 });
      await standing.exchange.close();
    },
  );

  it('An exchange that stands alone does not fence back the process that has fenced it', async () => {
    const standing = await Standing.open();
    const other = await Exchange.open(standing.log.again());
    await standing.exchange.post(bid('a'));
    await standing.time.pass(60_000);
    expect(standing.finals).toEqual(['another process has opened its log']);
    expect(standing.status?.state).toBe('stopped');
    await expect(other.post(bid('b'))).resolves.toMatchObject({ ok: true });
    await Promise.all([other.close(), standing.exchange.close()]);
  });

  it('An exchange that stands alone is not opened again on a log that has lost what it acknowledged', async () => {
    const standing = await Standing.open();
    await standing.exchange.post(bid('a'));
    const shorter = standing.log.truncateTo(standing.log.ends.at(-2) ?? 0);
    standing.next = { outcome: 'unknown', stored: false };
    await standing.exchange.post(bid('b'));
    Object.assign(standing, { log: shorter });
    await standing.time.pass(60_000);
    expect(standing.finals).toEqual([expect.stringContaining('the process that wrote it under epoch 1 knows')]);
    await standing.exchange.close();
  });

  it('An exchange that stands alone rejects what fails at the first opening, and may be closed then', async () => {
    const standing = new Standing();
    standing.trouble = new Error('nobody answers');
    await expect(standing.exchange.open()).rejects.toThrow('nobody answers');
    await standing.exchange.close();
    expect(standing.finals).toEqual([]);
  });

  it('An exchange that stands alone looks at its log every few seconds, and stops when it was changed from outside', async () => {
    const standing = await Standing.open();
    const { log } = standing;
    let isChanged = false;
    const open = log.open.bind(log);
    log.open = async (admit) =>
      Object.assign(await open(admit), {
        verify: async () => {
          if (isChanged) throw new LogLostError('it was cut from outside');
        },
      });
    standing.next = { outcome: 'unknown', stored: false };
    await standing.exchange.post(bid('a'));
    await standing.untilServing();
    await standing.time.pass(30_000);
    expect(standing.status?.state).toBe('serving');
    isChanged = true;
    standing.trouble = new LogLostError('it is shorter');
    await standing.time.pass(6_000);
    expect(standing.finals).toEqual(['it is shorter']);
    await standing.exchange.close();
  });
});
