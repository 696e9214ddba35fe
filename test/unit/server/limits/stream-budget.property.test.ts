import { PassThrough, Writable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PostIntention } from '../../../../src/exchange/commands.js';
import type { ExchangePort } from '../../../../src/exchange/port.js';
import type { ServerContext } from '../../../../src/server/context.js';
import { operator } from '../../../../src/api/access.js';
import { StreamBudget } from '../../../../src/server/limits/stream-budget.js';
import { RateLimits } from '../../../../src/server/limits/rate-limits.js';
import { RequestTurns } from '../../../../src/server/limits/request-turns.js';
import { PostStream } from '../../../../src/server/posts/post-stream.js';
import { runs } from '../../../support/property/runs.js';

const BYTES = 400_000;
const LINES = 1_000;
const CHUNK = 16_384;

/** Takes answers as far as it is let; beyond that it is full. */
class Reader extends Writable {
  text = '';
  isReading: boolean;
  private blocked: (() => void) | undefined;

  constructor(isReading: boolean) {
    super({ highWaterMark: 1_024, decodeStrings: false });
    this.isReading = isReading;
  }

  override _write(text: string, _encoding: string, done: () => void): void {
    this.text += text;
    if (this.isReading) setImmediate(done);
    else this.blocked = done;
  }

  read(): void {
    this.isReading = true;
    this.blocked?.();
    this.blocked = undefined;
  }
}

/** For commands other than posts, of which there are none. */
const noStores = {} as unknown as Pick<ServerContext, 'reads' | 'stores'>;

/** Makes durable whenever a test says so, and knows how many lines wait for that. */
class SlowLog {
  waiting: (() => void)[] = [];
  mostLines = 0;
  private lines = 0;

  readonly exchange = {
    congested: false,
    drained: () => Promise.resolve(),
    postAll: (commands: readonly PostIntention[]) => {
      this.lines += commands.length;
      this.mostLines = Math.max(this.mostLines, this.lines);
      return new Promise((resolve) => {
        this.waiting.push(() => {
          this.lines -= commands.length;
          resolve(commands.map(() => ({ ok: false, code: 'SELF_TRADE', detail: 'no' })));
        });
      });
    },
  } as unknown as ExchangePort; // nothing else is asked of it

  commit(): void {
    for (const each of this.waiting.splice(0)) each();
  }
}

async function others(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

const post = JSON.stringify({ clientIntentionId: 'a', participant: 'p', instrument: 'I', side: 'buy', quantity: '1' });

interface Plan {
  readonly key: string;
  readonly lines: number;
  readonly isValid: boolean;
  /** When it is read, if it is; or closed. */
  readonly fate: 'read' | 'unread' | 'closed';
}

const plan: fc.Arbitrary<Plan> = fc.record({
  key: fc.constantFrom('greedy', 'greedy', 'other'),
  lines: fc.integer({ min: 0, max: 4_000 }),
  isValid: fc.boolean(),
  fate: fc.constantFrom('read', 'read', 'unread', 'closed'),
});

class Streams {
  readonly turns = new RequestTurns({ mostWaiting: 1_000 });
  readonly budget = new StreamBudget({ bytes: BYTES, lines: LINES });
  readonly log = new SlowLog();
  readonly failures: unknown[] = [];
  mostBytes = 0;
  readonly all: { readonly plan: Plan; readonly reader: Reader; readonly input: PassThrough }[];

  constructor(plans: readonly Plan[]) {
    this.all = plans.map((each) => this.open(each));
  }

  private open(each: Plan): Streams['all'][number] {
    const input = new PassThrough({ highWaterMark: CHUNK });
    const reader = new Reader(each.fate === 'read');
    const key = { id: each.key, weight: 1, revoked: new AbortController().signal };
    new PostStream({
      ...{ exchange: this.log.exchange, ...noStores, caller: { ...operator, key }, turns: this.turns },
      ...{ rates: new RateLimits(), budget: this.budget },
      ...{ input, output: reader, cutting: new AbortController().signal, onRefused: () => undefined },
      backlog: { isBulkHeld: () => false, released: () => Promise.resolve() },
      onFailure: (error) => void this.failures.push(error),
    }).start();
    const text = `${each.isValid ? post : '{}'}\n`.repeat(each.lines);
    for (let at = 0; at < text.length; at += CHUNK) input.write(text.slice(at, at + CHUNK));
    input.end();
    return { plan: each, reader, input };
  }

  /** Lets everything go on for as long as anything does. */
  async settle(): Promise<void> {
    for (let idle = 0; idle < 20; idle++) {
      const before = this.progress();
      this.log.commit();
      await others();
      this.mostBytes = Math.max(this.mostBytes, this.budget.bytes);
      if (this.progress() !== before) idle = 0;
    }
  }

  private progress(): string {
    const read = this.all.reduce((sum, { reader }) => sum + reader.text.length, 0);
    return [read, this.budget.bytes, this.budget.lines, this.turns.waiting].join();
  }
}

describe('streams of posts within a budget', () => {
  it('Streams of posts within a budget hold what they may and not more, answer each line in order, and hold nothing once all is answered or closed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(plan, { minLength: 1, maxLength: 12 }), async (plans) => {
        const streams = new Streams(plans);
        await streams.settle();
        for (const { plan: each, reader } of streams.all) if (each.fate === 'closed') reader.destroy();
        await streams.settle();
        // What was read already is posted although there is no more room: a chunk a stream, and a turn’s lines with their answers.
        expect(streams.mostBytes).toBeLessThanOrEqual(BYTES + plans.length * (3 * CHUNK + 64 * 512));
        expect(streams.log.mostLines).toBeLessThanOrEqual(LINES + plans.length);
        for (const { reader } of streams.all) reader.read();
        await streams.settle();
        for (const { plan: each, reader } of streams.all) {
          const numbers = [...reader.text.matchAll(/^\{"line":(\d+)/gm)].map(([, number]) => Number(number));
          const wanted = Array.from({ length: numbers.length }, (_, index) => index + 1);
          expect(numbers).toEqual(wanted);
          if (each.fate !== 'closed') expect([numbers.length, reader.writableFinished]).toEqual([each.lines, true]);
        }
        expect([streams.budget.bytes, streams.budget.lines, streams.failures]).toEqual([0, 0, []]);
      }),
      runs(60),
    );
  });

  it('Streams of posts within a budget of one key that nobody reads leave room for those of another', async () => {
    const greedy = Array.from({ length: 40 }, (): Plan => ({
      key: 'greedy',
      lines: 4_000,
      isValid: true,
      fate: 'unread',
    }));
    const streams = new Streams([...greedy, { key: 'other', lines: 2_000, isValid: true, fate: 'read' }]);
    await streams.settle();
    expect(streams.all.at(-1)?.reader.writableFinished).toBe(true);
    const unread = streams.all.slice(0, -1).filter(({ reader }) => reader.writableFinished);
    expect(unread).toEqual([]);
  });
});
