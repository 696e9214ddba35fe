import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Timer, Timers } from '../../../../src/domain/negotiators/timers.js';

const timers: fc.Arbitrary<Timer> = fc.record({
  dueMs: fc.nat(50),
  kind: fc.constantFrom('expiry', 'initiatorDeadline', 'responderDeadline'),
  intentionId: fc.nat(20),
  initiatorId: fc.nat(3),
  dealNumber: fc.nat(3),
});

function inOrder(one: Timer, other: Timer): number {
  if (one.dueMs !== other.dueMs) return one.dueMs - other.dueMs;
  if (one.intentionId !== other.intentionId) return one.intentionId - other.intentionId;
  if (one.initiatorId !== other.initiatorId) return one.initiatorId - other.initiatorId;
  return one.dealNumber - other.dealNumber;
}

const order = ({ dueMs, intentionId, initiatorId, dealNumber }: Timer): number[] => [
  dueMs,
  intentionId,
  initiatorId,
  dealNumber,
];

describe('timers', () => {
  it('Timers fall due in the order of time, intention and deal, whatever order they were set in', () => {
    const script = fc.array(fc.oneof(timers, fc.nat(50)), { maxLength: 200 });
    fc.assert(
      fc.property(script, (steps) => {
        const all = new Timers();
        let waiting: Timer[] = [];
        for (const step of steps) {
          if (typeof step !== 'number') {
            all.add(step);
            waiting = [...waiting, step].sort(inOrder);
          } else {
            const first = waiting[0];
            const due = first !== undefined && first.dueMs <= step ? waiting.shift() : undefined;
            const taken = all.takeDue(step);
            expect(taken && order(taken)).toEqual(due && order(due));
          }
          expect(all.size).toBe(waiting.length);
          expect(all.nextMs).toBe(waiting[0]?.dueMs ?? Number.POSITIVE_INFINITY);
        }
      }),
    );
  });
});
