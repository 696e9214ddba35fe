import { afterEach, describe, expect, it, vi } from 'vitest';
import { eventsOfBatch } from '../../../../src/events/fold.js';
import { RecordedState } from '../../../../src/exchange/recovery/recorded-state.js';
import { smallFlow } from '../../../support/cli/flows.js';
import { MemoryLog } from '../../../support/log/memory-log.js';
import { failureOf } from '../reading.js';
import { mismatchesIn, played } from '../playing.js';

const script = (...lines: readonly string[]): string => `${lines.join('\n')}\n`;

/** What does not hold of a script: line, what was expected, what came. */
async function wrongIn(...lines: readonly string[]): Promise<ReturnType<typeof mismatchesIn>> {
  return mismatchesIn((await played(script(...lines))).report);
}

/** When the events of a type happened, in milliseconds since the flow began. */
async function timesOf(log: MemoryLog, wanted: 'IntentionPosted' | 'IntentionExpired'): Promise<number[]> {
  const times: number[] = [];
  for await (const batch of log.read(0)) {
    for (const { event } of eventsOfBatch(batch))
      if (event.type === wanted) times.push(event.atMs - Date.UTC(2000, 0, 1));
  }
  return times;
}

describe('time in a script', () => {
  it('Time in a script passes to where an `at` line says, and what is due on the way expires, each at its own time', async () => {
    const log = new MemoryLog();
    const flow = script(
      'post a B 50 5 gtd 10:00',
      'post b B 51 5 gtd 09:30:00.250',
      'post c B 52 5',
      'at 09:30',
      'at 12:00',
      'expired b',
      'expired a',
      'top 52 5 0 0',
      'post d B 53 5',
    );
    expect((await played(flow, {}, log)).report.mismatches).toEqual([]);
    expect(await timesOf(log, 'IntentionExpired')).toEqual([34_200_250, 36_000_000]);
    expect(await timesOf(log, 'IntentionPosted')).toEqual([2, 3, 4, 43_200_001]);
  });

  it('Time in a script begins again with each scenario', async () => {
    const log = new MemoryLog();
    const scenario = ['scenario s', 'at 01:00', 'post a B 50 5 gtd 01:30', 'at 02:00', 'expired a'];
    expect((await played(script(...scenario, ...scenario), {}, log)).report.mismatches).toEqual([]);
    expect(await timesOf(log, 'IntentionExpired')).toEqual([5_400_000, 12_600_000]);
  });

  it('Time in a script passes by a millisecond with each command, and what is due then expires before it', async () => {
    expect(await wrongIn('at 00:00:01', 'post a B 50 5 gtd 00:00:01.002', 'post b S 50 5', 'expired a')).toEqual([]);
  });

  it('Time in a script never goes back', async () => {
    const flow = script('at 09:30', 'post a B 50 5', 'at 09:30:00.000');
    expect(await failureOf(() => played(flow))).toEqual(['FLOW_TIME_PASSED', 3]);
    await expect(played(flow)).rejects.toThrow('stdin:3: it is 09:30:00.001 already');
    expect(await failureOf(() => played(script('at 00:00')))).toEqual(['FLOW_TIME_PASSED', 1]);
  });

  it('Time in a script that is over before an intention is posted is refused', async () => {
    expect(await wrongIn('at 09:30', 'post a B 50 5 gtd 09:30', 'rejected INVALID_EXPIRY')).toEqual([]);
  });
});

describe('an expiry', () => {
  it('An expiry in a script that is expected and does not come is a mismatch', async () => {
    expect(await wrongIn('post a B 50 5 gtd 10:00', 'at 09:59:59.999', 'expired a')).toEqual([
      [3, 'expired a', 'nothing of it'],
    ]);
  });

  it('An expiry in a script that comes and is not expected is a mismatch', async () => {
    expect(await wrongIn('post a B 50 5 gtd 10:00', 'at 10:00')).toEqual([[2, 'no expiry of a', 'expired a']]);
  });

  it('An expiry in a script of what is withdrawn or filled before does not come', async () => {
    const flow = ['post a B 50 5 gtd 10:00', 'post b B 51 5 gtd 10:00', 'withdraw a', 'post c S 51 5', 'deal c b 51 5'];
    expect(await wrongIn(...flow, 'at 11:00', 'top 0 0 0 0')).toEqual([]);
  });
});

describe('terms of a post in a script', () => {
  it('In a script fill-or-kill deals whole or not at all', async () => {
    const flow = ['post a S 50 5', 'post b B 50 6 fok', 'withdrawn b fillOrKill', 'post c B 50 4 fok', 'deal c a 50 4'];
    expect(await wrongIn(...flow, 'top 0 0 50 1')).toEqual([]);
    expect(await wrongIn('post a S 50 5', 'post b B 50 5 fok', 'deal b a 50 5', 'withdrawn b fillOrKill')).toEqual([
      [4, 'withdrawn b fillOrKill', 'nothing of it'],
    ]);
    expect(await wrongIn('post b B 50 6 fok', 'withdrawn b immediateOrCancel')).toEqual([
      [2, 'withdrawn b immediateOrCancel', 'withdrawn b fillOrKill'],
    ]);
  });

  it('In a script post-only is refused where it would deal', async () => {
    const flow = ['post a S 50 5', 'post b B 50 5 postonly', 'rejected POST_ONLY_WOULD_DEAL', 'post c B 49 5 postonly'];
    expect(await wrongIn(...flow, 'top 49 5 50 5')).toEqual([]);
  });

  it('In a script a refusal is compared with the code that is expected', async () => {
    expect(await wrongIn('post a S 50 5', 'post b B 50 5 postonly', 'rejected SELF_TRADE')).toEqual([
      [3, 'rejected SELF_TRADE', 'rejected POST_ONLY_WOULD_DEAL'],
    ]);
    expect(await wrongIn('post a S 50 5', 'rejected SELF_TRADE')).toEqual([[2, 'rejected SELF_TRADE', 'accepted']]);
  });

  it('In a script a participant may change its own intentions only, an operator all', async () => {
    const flow = ['post a S 50 5 by alice', 'withdraw a by bob', 'rejected NOT_YOURS', 'reduce a 1 by alice'];
    const more = ['replace a 51 4 by bob', 'rejected NOT_YOURS', 'replace a 51 3', 'withdraw a by alice'];
    expect(await wrongIn(...flow, ...more, 'withdrawn a requested')).toEqual([]);
  });

  it('In a script an id that is in use is refused, on either side and by whomever, and nothing is posted', async () => {
    const flow = ['post a B 50 5', 'post a S 50 5', 'rejected CLIENT_ID_REUSED', 'post a B 50 5 by alice'];
    expect(await wrongIn(...flow, 'rejected CLIENT_ID_REUSED', 'top 50 5 0 0')).toEqual([]);
  });

  it('In a script what a call phase has no use for is refused', async () => {
    const terms = ['fok', 'ioc', 'postonly'].flatMap((term) => [`post a B 50 5 ${term}`, 'rejected WRONG_PHASE']);
    expect(await wrongIn('phase call', ...terms)).toEqual([]);
  });

  it('In a script a market intention that an auction leaves is withdrawn', async () => {
    const flow = ['phase call', 'post a B market 5', 'post b S 50 3', 'uncross 50 3', 'deal a b 50 3'];
    expect(await wrongIn(...flow, 'withdrawn a marketRemainder')).toEqual([]);
    expect(await wrongIn('phase call', 'post a B market 5', 'phase continuous', 'withdrawn a marketRemainder')).toEqual(
      [],
    );
  });
});

describe('the instrument of a scenario', () => {
  it.each([
    ['standing', 50],
    ['seller', 50],
    ['midpoint', 51],
  ])('The instrument of a scenario has the price rule %s', async (rule, price) => {
    const flow = [`instrument pricerule ${rule}`, 'post a S 50 5', 'post b B 53 5', `deal b a ${price} 5`];
    expect(await wrongIn(...flow)).toEqual([]);
  });

  it('The instrument of a scenario has the self-trade rule refuseArriving', async () => {
    const flow = ['instrument selftrade refuseArriving', 'post a S 50 5 by alice', 'post b B 50 5 by alice'];
    expect(await wrongIn(...flow, 'rejected SELF_TRADE', 'post c B 50 5 by bob', 'deal c a 50 5')).toEqual([]);
  });

  it('The instrument of a scenario has the self-trade rule withdrawStanding, of which each withdrawal must be expected', async () => {
    const flow = ['instrument selftrade withdrawStanding', 'post a S 50 5 by alice', 'post b B 50 5 by alice'];
    expect(await wrongIn(...flow, 'withdrawn a selfTrade', 'top 50 5 0 0')).toEqual([]);
    expect(await wrongIn(...flow)).toEqual([[3, 'no withdrawal of a', 'withdrawn a selfTrade']]);
  });

  it('The instrument of a scenario has a tick, a lot and a band, all in the file’s units', async () => {
    const flow = [
      'instrument tick 5 lot 10 min 50 max 100',
      'post a S 52 10',
      'rejected PRICE_OFF_TICK',
      'post a S 55 15',
      'rejected QUANTITY_OFF_LOT',
      'post a S 105 10',
      'rejected PRICE_OUT_OF_BAND',
      'post a S 55 30',
      'post b B 60 20',
      'deal b a 55 20',
      'book b a 55 10',
      'phase call',
      'post c B 55 10',
      'uncross 55 10',
      'fill a 55 10',
      'fill c 55 10',
    ];
    expect(await wrongIn(...flow)).toEqual([]);
  });

  it('The instrument of a scenario may change, term by term, but for its tick and its lot', async () => {
    const flow = [
      'instrument tick 5 pricerule midpoint',
      'instrument max 60',
      'post a S 65 1',
      'rejected PRICE_OUT_OF_BAND',
      'post a S 50 1',
      'post b B 60 1',
      'deal b a 55 1',
      'instrument tick 1',
      'rejected INSTRUMENT_DIFFERS',
    ];
    expect(await wrongIn(...flow)).toEqual([]);
  });

  it('The instrument of a scenario whose terms make no sense is refused, and then there is none', async () => {
    expect(await wrongIn('instrument min 9 max 8', 'rejected INVALID_INSTRUMENT', 'post a B 8 1')).toEqual([
      [3, 'accepted', 'refused UNKNOWN_INSTRUMENT'],
    ]);
    expect(await wrongIn('scenario x', 'instrument tick 0')).toEqual([[2, 'accepted', 'refused INVALID_INSTRUMENT']]);
  });
});

describe('a scenario', () => {
  it('A scenario begins with an empty book, which is checked', async () => {
    expect(await wrongIn('post a B 50 5', 'scenario x', 'top 50 5 0 0', 'post b B 49 1', 'top 49 1 0 0')).toEqual([
      [3, 'top 50 5 0 0', 'top 0 0 0 0'],
    ]);
  });

  describe('after many others of its name', () => {
    afterEach(() => {
      vi.restoreAllMocks();
    });

    it('A scenario finds a symbol that nobody has without trying theirs', async () => {
      const looked = vi.spyOn(RecordedState.prototype, 'isListed');
      const { report } = await played(script(...Array.from({ length: 200 }, () => 'scenario same'), 'scenario same.7'));
      expect(report.instruments.slice(0, 3)).toEqual(['same', 'same.2', 'same.3']);
      expect(report.instruments.at(-1)).toBe('same.7.2');
      expect(looked.mock.calls.length).toBeLessThan(210);
    });
  });
});

describe('a script of before there were participants, times and terms', () => {
  it('A script of before there were participants, times and terms makes the very log that it made then', async () => {
    const log = new MemoryLog();
    const { report } = await played(smallFlow, {}, log);
    expect(report).toMatchObject({ commands: 15, deals: 4, mismatches: [] });
    const ends: string[] = [];
    for await (const batch of log.read(0)) {
      for (const { event } of eventsOfBatch(batch)) if (event.type === 'BatchSealed') ends.push(event.digest);
    }
    // InstrumentListed has had a version 2 since, which is what is written.
    expect(ends.at(-1)).toBe('5aace420ff85585cade3d34d3b28d4fe1f6fe7e74d6ef5345f901447bbb8c80a');
  });
});
