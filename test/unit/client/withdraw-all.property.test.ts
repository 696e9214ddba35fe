import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Intention, type IntentionChanged, ParleyError } from '../../../src/client/index.js';
import { withdrawAll } from '../../../src/client/withdraw-all.js';
import { runs } from '../../support/property/runs.js';

/** What happens to an intention, or to a withdrawal of it on its way. */
const fates = ['withdrawn', 'filledBefore', 'expiredBefore', 'answerLost', 'busyFirst', 'lostThenRefused'] as const;
type Fate = (typeof fates)[number];

/** A stand-in for the exchange: it lists and withdraws as the real one, and loses answers as a network does. */
class Exchange {
  readonly intentions = new Map<string, Intention>();
  private readonly tries = new Map<string, number>();

  constructor(private readonly fateOf: ReadonlyMap<string, Fate>) {
    for (const id of fateOf.keys())
      this.intentions.set(id, { id, status: 'open', open: '5', filled: '0' } as Intention); // the rest is not looked at
  }

  intentionsOf({ after = '0', limit = 100 }: { after?: string | undefined; limit?: number | undefined }): Intention[] {
    const open = [...this.intentions.values()].filter(({ status }) => status === 'open');
    return open.filter(({ id }) => Number(id) > Number(after)).slice(0, limit);
  }

  withdraw(id: string): IntentionChanged {
    const tries = (this.tries.get(id) ?? 0) + 1;
    this.tries.set(id, tries);
    const fate = this.fateOf.get(id);
    if (fate === 'filledBefore' && tries === 1) this.close(id, 'filled');
    if (fate === 'expiredBefore' && tries === 1) this.close(id, 'expired');
    if (fate === 'busyFirst' && tries === 1) throw new ParleyError(429, 'TOO_MANY_REQUESTS', 'not begun');
    if (fate === 'lostThenRefused' && tries === 1) throw new ParleyError(0, 'UNREACHABLE', 'lost on its way');
    if (this.intentions.get(id)?.status !== 'open') throw new ParleyError(409, 'INTENTION_CLOSED', 'closed');
    this.close(id, 'withdrawn');
    if (fate === 'answerLost' && tries === 1) throw new ParleyError(0, 'UNREACHABLE', 'the answer is lost');
    return { id, status: 'withdrawn', open: '0', filled: '0', position: 1 };
  }

  private close(id: string, status: Intention['status']): void {
    const intention = this.intentions.get(id);
    if (intention === undefined) throw new Error(`there is no intention ${id}`);
    const reason = status === 'withdrawn' ? { closedReason: 'requested' as const } : {};
    this.intentions.set(id, { ...intention, status, open: '0', ...reason });
  }
}

const retry = { attempts: 3, baseMs: 0, maxMs: 0 };

async function run(exchange: Exchange, attempts = retry.attempts): Promise<(readonly [string, string, string])[]> {
  const calls = {
    intentions: (filter: object = {}) => Promise.resolve(exchange.intentionsOf(filter)),
    intention: (id: string) => Promise.resolve(exchange.intentions.get(id) as Intention), // it is asked for what there is
    withdraw: async (id: string) => exchange.withdraw(await Promise.resolve(id)),
  };
  const told: (readonly [string, string, string])[] = [];
  for await (const { id, outcome, status } of withdrawAll(calls, {}, { retry: { ...retry, attempts } }))
    told.push([id, outcome, status]);
  return told;
}

const outcomes: Readonly<Record<Fate, readonly [string, string]>> = {
  withdrawn: ['withdrawn', 'withdrawn'],
  filledBefore: ['closedMeanwhile', 'filled'],
  expiredBefore: ['closedMeanwhile', 'expired'],
  answerLost: ['withdrawn', 'withdrawn'],
  busyFirst: ['withdrawn', 'withdrawn'],
  lostThenRefused: ['withdrawn', 'withdrawn'],
};

it('Withdrawing all closes every open intention, and tells of each once, in the order of the ids, how it came about', async () => {
  const lists = fc.array(fc.constantFrom(...fates), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(lists, fc.constantFrom(0, 990), async (list, more) => {
      const all = [...Array.from({ length: more }, (): Fate => 'withdrawn'), ...list];
      const fateOf = new Map(all.map((fate, index) => [String(index + 1), fate]));
      const exchange = new Exchange(fateOf);
      const told = await run(exchange);
      expect(told).toEqual([...fateOf].map(([id, fate]) => [id, ...outcomes[fate]]));
      expect(exchange.intentionsOf({})).toEqual([]);
      expect(await run(exchange)).toEqual([]);
    }),
    runs(30),
  );
});

it('Withdrawing all that fails on the way has told of those that it withdrew, and can be done again', async () => {
  const fateOf = new Map(fates.map((fate, index) => [String(index + 1), fate]));
  const exchange = new Exchange(fateOf);
  await expect(run(exchange, 1)).rejects.toMatchObject({ code: 'UNREACHABLE' });
  const left = exchange.intentionsOf({}).map(({ id }) => id);
  expect(left).toEqual(['5', '6']);
  expect((await run(exchange)).map(([id]) => id)).toEqual(left);
});
