import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BookFold } from '../../../projections/book/book.js';
import { bookView } from '../../../projections/book/views.js';
import { DirectoryFold } from '../../../projections/directory/directory.js';
import { instrumentView } from '../../../projections/directory/views.js';
import { foldLog } from '../../../projections/read-models.js';
import type { BookView, InstrumentList } from '../../../src/exchange/commands.js';
import { Exchange } from '../../../src/exchange/exchange.js';
import { ShardUnavailableError } from '../../../src/exchange/port.js';
import { PATIENCE_MS } from '../../support/patience.js';
import { runs } from '../../support/property/runs.js';
import { MemoryLog } from '../../support/log/memory-log.js';
import { SilentLog } from '../../support/log/silent-log.js';

const step = fc.oneof(
  fc.record({
    kind: fc.constant('post' as const),
    side: fc.constantFrom('buy' as const, 'sell' as const),
    price: fc.integer({ min: 8, max: 12 }).map(String),
    quantity: fc.integer({ min: 1, max: 5 }).map(String),
    timeInForce: fc.constantFrom('gtc' as const, 'gtc' as const, 'ioc' as const),
  }),
  fc.record({ kind: fc.constant('withdraw' as const), id: fc.integer({ min: 1, max: 12 }).map(String) }),
  fc.record({ kind: fc.constant('list' as const), symbol: fc.constantFrom('NEW', 'ODD') }),
  ...(['silence', 'speak', 'rest', 'book', 'book', 'instruments'] as const).map((kind) =>
    fc.record({ kind: fc.constant(kind) }),
  ),
);
type Step = typeof step extends fc.Arbitrary<infer Drawn> ? Drawn : never;

const endings = [undefined, { outcome: 'unknown', stored: false }, { outcome: 'unknown', stored: true }] as const;

/** A read, and how far the log was durable when it was asked for and when it was answered. */
interface Read {
  readonly view: BookView | InstrumentList;
  readonly position: number;
  readonly askedAt: number;
  readonly answeredAt: number;
}

/** Gives commands, without waiting for their answers, and reads in between. */
class Session {
  readonly shown: Read[] = [];
  readonly reads: Promise<void>[] = [];
  private posts = 0;

  constructor(
    readonly log: SilentLog,
    readonly exchange: Exchange,
  ) {}

  async take(given: Step): Promise<void> {
    const { log, exchange } = this;
    if (given.kind === 'silence') log.fallSilent();
    else if (given.kind === 'speak') log.speak();
    else if (given.kind === 'rest') await new Promise((resolve) => setImmediate(resolve));
    else if (given.kind === 'withdraw') void exchange.withdraw(given);
    else if (given.kind === 'list') void exchange.list({ symbol: given.symbol, tickSize: '1', lotSize: '1' });
    else if (given.kind === 'post') {
      const clientIntentionId = `c-${++this.posts}`;
      const { side, price, quantity, timeInForce } = given;
      const terms = { side, price, quantity, timeInForce, participant: 'alice', instrument: 'ACME' };
      void exchange.post({ clientIntentionId, ...terms });
    } else if (given.kind === 'book') this.read(exchange.book('ACME', 50), (book) => book?.position);
    else this.read(exchange.instruments(ALL), (list) => list?.positions.get(0));
  }

  private read<View extends BookView | InstrumentList | undefined>(
    asked: Promise<View>,
    positionOf: (view: View) => number | undefined,
  ): void {
    const askedAt = this.exchange.log.durable;
    const shown = asked.then(
      async (view) => {
        const answeredAt = this.exchange.log.durable;
        if (view === undefined) throw new Error('ACME is listed');
        this.shown.push({ view, position: positionOf(view) ?? Number.NaN, askedAt, answeredAt });
      },
      (error: unknown) => {
        expect(error).toBeInstanceOf(ShardUnavailableError);
        expect(this.exchange.status().state).toBe('stopped');
      },
    );
    this.reads.push(shown);
  }
}

const ALL = { limit: 1_000 };

/** What the log alone says: by replaying what stands before the position. */
async function replayed(log: MemoryLog, position: number): Promise<{ book: BookView; instruments: object[] }> {
  const [book, directory] = [new BookFold(), new DirectoryFold()];
  await foldLog(log, [book, directory], { until: position });
  const instrument = directory.instrumentBySymbol('ACME');
  if (instrument === undefined) throw new Error('ACME is listed');
  return {
    book: bookView(book, instrument, 50, position),
    instruments: directory.instruments().map(instrumentView),
  };
}

describe('a read amid commands and a log that falls silent', () => {
  it('A read amid commands and a log that falls silent is the replay of what is durable before its position, and holds all that was durable when it was asked for', async () => {
    const property = fc.asyncProperty(
      fc.array(step, { maxLength: 60 }),
      fc.constantFrom(...endings),
      async (steps, ending) => {
        const log = new SilentLog();
        const exchange = await Exchange.open(log, { readMs: PATIENCE_MS });
        await exchange.list({ symbol: 'ACME', tickSize: '1', lotSize: '1' });
        const session = new Session(log, exchange);
        for (const given of steps) await session.take(given);
        log.speak(ending);
        await Promise.all(session.reads);
        for (const { view, position, askedAt, answeredAt } of session.shown) {
          expect(position).toBeGreaterThanOrEqual(askedAt);
          expect(position).toBeLessThanOrEqual(answeredAt);
          const { book, instruments } = await replayed(log, position);
          if ('bids' in view) expect(view).toEqual(book);
          else expect(view.instruments).toEqual(instruments);
        }
        await exchange.close();
      },
    );
    await fc.assert(property, runs(100));
  });
});

describe('a log whose batches are closed when they are asked for', () => {
  it('A log whose batches are closed when they are asked for is the same, byte for byte, whether it is read in between or not', async () => {
    const play = async (isRead: boolean): Promise<object[]> => {
      const log = new MemoryLog();
      const clock = (): number => 1_700_000_000_000;
      const exchange = await Exchange.open(log, { commit: 'asked', clock, readMs: PATIENCE_MS });
      const reads: Promise<unknown>[] = [];
      await exchange.list({ symbol: 'ACME', tickSize: '1', lotSize: '1' }, 'recorded');
      for (let count = 1; count <= 20; count++) {
        const terms = { participant: 'alice', instrument: 'ACME', price: '10', quantity: '1' };
        const side = count % 3 === 0 ? 'sell' : 'buy';
        const clientIntentionId = `c-${count}`;
        await exchange.post({ clientIntentionId, side, ...terms }, count % 7 === 0 ? 'durable' : 'recorded');
        if (isRead) reads.push(exchange.book('ACME', 5), exchange.instruments(ALL));
      }
      await exchange.close();
      await Promise.all(reads);
      const batches = [];
      for await (const { firstPosition, bytes } of log.read(0))
        batches.push({ firstPosition, bytes: Buffer.from(bytes) });
      return batches;
    };
    expect(await play(true)).toEqual(await play(false));
  });
});
