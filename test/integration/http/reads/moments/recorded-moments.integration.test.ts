import { expect, it } from 'vitest';
import { cutBatches } from '../../../../support/history/cut-log.js';
import { serverOfLog } from '../../../../support/http/growing-server.js';
import { describeWith } from '../../../../support/needs/suite.js';
import { type NaiveDeal, NaiveDay, type NaiveIntention } from '../../../../support/orderflow/naive-day.js';
import { playDay } from '../../../../support/orderflow/recorded-day.js';
import { runs } from '../../../../support/property/runs.js';
import { Random } from '../../../../support/random.js';
import { growingLog } from '../../../../unit/projections/folding.js';

/** So many events from each day’s beginning, and the whole of it in a dose so many times as large. */
const PLAYED = runs(20_000).numRuns;
const MOMENTS = runs(6).numRuns;
const MOST = 1_000;
const INTENTIONS = 12;

type Shown = Readonly<Record<string, unknown>>;

const dealShown = ({ position, instrument, price, quantity, buyer, seller }: NaiveDeal): Shown => ({
  ...{ position, instrument, price: String(price), quantity: String(quantity), buyer, seller },
});

function intentionShown({
  id,
  participant,
  instrument,
  side,
  quantity,
  filled,
  status,
  ...one
}: NaiveIntention): Shown {
  return {
    ...{ id: String(id), participant, instrument, side, status },
    ...{ quantity: String(quantity), filled: String(filled), ...(one.hasLimit && { price: String(one.price) }) },
    ...(status === 'open' && { open: String(quantity - filled) }),
  };
}

/** What each participant has come to by its deals, in every instrument. */
function positionsOf({ deals }: NaiveDay): Shown[] {
  const all = new Map<string, { bought: number; sold: number; cash: number }>();
  const of = (participant: string, instrument: string) => {
    const key = `${instrument} ${participant}`;
    const found = all.get(key) ?? { bought: 0, sold: 0, cash: 0 };
    all.set(key, found);
    return found;
  };
  for (const { instrument, price, quantity, buyer, seller } of deals) {
    const [bought, sold] = [of(buyer, instrument), of(seller, instrument)];
    bought.bought += quantity;
    bought.cash -= price * quantity;
    sold.sold += quantity;
    sold.cash += price * quantity;
  }
  return [...all].map(([key, { bought, sold, cash }]) => {
    const [instrument, participant] = key.split(' ');
    const [b, s, net] = [bought, sold, bought - sold].map(String);
    return { participant, instrument, bought: b, sold: s, net, cash: String(cash) };
  });
}

const byText = (one: Shown, other: Shown): number => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1);

await describeWith('orderflow', 'moments of recorded days', () => {
  it.each([
    ['sse600519_20230207.txt.gz', 'a day in Shanghai', '600519'],
    ['esh4_20231225_opening.txt.gz', 'an opening auction in Chicago', 'ESH4'],
  ])(
    'Book, deals, positions and intentions of %s (%s) at any moment are those of its log up to there, folded by itself',
    async (name, _what, symbol) => {
      const day = await playDay(name);
      const head = Math.min(PLAYED, day.head);
      const { log } = await growingLog(cutBatches(day.batches, head));
      const { url } = await serverOfLog(log);
      const get = async (path: string): Promise<Shown> => (await (await fetch(`${url}/v1/${path}`)).json()) as Shown;
      const random = new Random(42);
      for (let moment = 0; moment < MOMENTS; moment++) {
        const at = random.between(20, head);
        const naive = new NaiveDay().takeUntil(day.batches, at);
        const { bids, asks, phase } = naive.book(symbol);
        expect(await get(`book/${symbol}?depth=${MOST}&at=${at}`)).toMatchObject({
          ...{ position: at, phase, bids: bids.best(MOST), asks: asks.best(MOST) },
          checksum: naive.book(symbol).checksum(),
        });
        const { deals } = (await get(`deals?limit=${MOST}&at=${at}`)) as { deals: { position: number }[] };
        deals.sort((one, other) => one.position - other.position);
        expect(deals).toMatchObject(naive.deals.slice(-MOST).map(dealShown));
        const { positions } = (await get(`positions?limit=${MOST}&at=${at}`)) as { positions: Shown[] };
        expect(positions.sort(byText)).toEqual(positionsOf(naive).sort(byText));
        for (let asked = 0; asked < INTENTIONS; asked++) {
          const id = 1 + random.below(2 * naive.intentions.size + 1);
          const posted = naive.intentions.get(id);
          const shown = await get(`intentions/${id}?at=${at}`);
          expect(shown).toMatchObject(posted === undefined ? { code: 'UNKNOWN_INTENTION' } : intentionShown(posted));
        }
        const { intentions } = (await get(`intentions?status=open&limit=${MOST}&at=${at}`)) as { intentions: Shown[] };
        const open = [...naive.intentions.values()].filter(({ status }) => status === 'open');
        expect(intentions).toHaveLength(Math.min(MOST, open.length));
        for (const each of intentions) {
          const posted = naive.intentions.get(Number(each.id));
          expect(each).toMatchObject(posted === undefined ? {} : intentionShown(posted));
        }
      }
    },
  );
});
