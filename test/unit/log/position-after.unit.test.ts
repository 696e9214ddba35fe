import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { positionAfter } from '../../../src/log/position-after.js';
import { logOf } from '../../support/history/history-log.js';
import { History } from '../../support/history/history.js';
import { runs } from '../../support/property/runs.js';

/** Events with times that go on by steps, others without a time between them, and batches of any length. */
const steps = fc.array(fc.record({ stepMs: fc.nat({ max: 3 }), untimed: fc.nat({ max: 3 }), seals: fc.boolean() }), {
  maxLength: 60,
});

function historyOf(made: readonly { stepMs: number; untimed: number; seals: boolean }[]): History {
  const history = new History();
  const acme = history.list('ACME');
  const trader = history.admit('trader');
  for (const { stepMs, untimed, seals } of made) {
    history.atMs += stepMs;
    const id = history.post(trader, acme, 'buy', 100, 10);
    for (let count = 0; count < untimed; count++) history.propose(id, id, 100, 1);
    if (seals) history.seal();
  }
  return history;
}

/** The same by looking at every event. */
function slowly({ events }: History, atMs: number): number {
  const found = events.findIndex((event) => 'atMs' in event && event.atMs > atMs);
  return found < 0 ? events.length : found;
}

describe('positionAfter', () => {
  it('Halving a log finds the first event that is later than a time, as looking at every event does', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: -5, max: 250 }), async (made, offsetMs) => {
        const history = historyOf(made);
        history.seal();
        const atMs = 1_700_000_000_000 + offsetMs;
        expect(await positionAfter(logOf(history), atMs)).toBe(slowly(history, atMs));
      }),
      runs(200),
    );
  });

  it('Finding the position of a time reads a few batches of a long log, and not all of it', async () => {
    const history = historyOf(Array.from({ length: 5_000 }, () => ({ stepMs: 1, untimed: 1, seals: true })));
    const log = logOf(history);
    let batches = 0;
    const counted = {
      head: () => log.head(),
      async *read(from: number) {
        for await (const batch of log.read(from)) {
          batches++;
          yield batch;
        }
      },
    };
    const atMs = 1_700_000_004_321;
    expect(await positionAfter(counted, atMs)).toBe(slowly(history, atMs));
    expect(batches).toBeLessThan(40);
  });
});
