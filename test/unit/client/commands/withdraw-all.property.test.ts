import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Intention, type IntentionChanged, ParleyError } from '../../../../src/client/index.js';
import { withdrawAll } from '../../../../src/client/commands/withdraw-all.js';
import { runs } from '../../../support/property/runs.js';

/** What happens to an intention, or to a withdrawal of it on its way. */
const fates = ['withdrawn', 'filledBefore', 'expiredBefore', 'withdrawnBefore', 'lost'] as const;
type Fate = (typeof fates)[number];

/** A stand-in for the client and its exchange: it lists and withdraws as they do; what is lost is lost for good after the tries of a call. */
class Exchange {
  readonly intentions = new Map<string, Intention>();
  isLosing = false;

  constructor(private readonly fateOf: ReadonlyMap<string, Fate>) {
    for (const id of fateOf.keys())
      this.intentions.set(id, { id, status: 'open', open: '5', filled: '0' } as Intention); // the rest is not looked at
  }

  intentionsOf({ after = '0', limit = 100 }: { after?: string | undefined; limit?: number | undefined }): Intention[] {
    const open = [...this.intentions.values()].filter(({ status }) => status === 'open');
    return open.filter(({ id }) => Number(id) > Number(after)).slice(0, limit);
  }

  withdraw(id: string): IntentionChanged {
    const fate = this.fateOf.get(id);
    if (fate === 'filledBefore') this.close(id, 'filled');
    if (fate === 'expiredBefore') this.close(id, 'expired');
    if (fate === 'lost' && this.isLosing) throw new ParleyError(0, 'UNREACHABLE', 'lost on its way');
    if (this.intentions.get(id)?.status === 'open') this.close(id, 'withdrawn');
    const { status, open, filled, closedReason } = this.intentions.get(id) as Intention; // it is asked for what there is
    return { id, status, open, filled, ...(closedReason === undefined ? {} : { closedReason }), position: 1 };
  }

  private close(id: string, status: Intention['status']): void {
    const intention = this.intentions.get(id);
    if (intention === undefined) throw new Error(`there is no intention ${id}`);
    const reason = status === 'withdrawn' ? { closedReason: 'requested' as const } : {};
    this.intentions.set(id, { ...intention, status, open: '0', ...reason });
  }
}

async function run(exchange: Exchange): Promise<(readonly [string, string, string])[]> {
  const calls = {
    intentions: (filter: object = {}) => Promise.resolve(exchange.intentionsOf(filter)),
    withdraw: async (id: string) => exchange.withdraw(await Promise.resolve(id)),
  };
  const told: (readonly [string, string, string])[] = [];
  for await (const { id, outcome, status } of withdrawAll(calls, {}, {})) told.push([id, outcome, status]);
  return told;
}

const outcomes: Readonly<Record<Fate, readonly [string, string]>> = {
  withdrawn: ['withdrawn', 'withdrawn'],
  filledBefore: ['closedMeanwhile', 'filled'],
  expiredBefore: ['closedMeanwhile', 'expired'],
  withdrawnBefore: ['withdrawn', 'withdrawn'],
  lost: ['withdrawn', 'withdrawn'],
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
  exchange.isLosing = true;
  await expect(run(exchange)).rejects.toMatchObject({ code: 'UNREACHABLE' });
  expect(exchange.intentionsOf({}).map(({ id }) => id)).toEqual(['5']);
  exchange.isLosing = false;
  expect((await run(exchange)).map(([id]) => id)).toEqual(['5']);
});
