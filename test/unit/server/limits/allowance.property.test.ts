import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Allowance } from '../../../../src/server/limits/allowance.js';
import { runs } from '../../../support/property/runs.js';

const MOST = 120;

describe('an allowance', () => {
  it('An allowance gives those who take by turns one part in n + 1 each', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), (holders) => {
        const allowance = new Allowance(MOST);
        const names = Array.from({ length: holders }, (_, index) => `holder ${index}`);
        while (names.some((name) => allowance.hasRoom(name, 1))) for (const name of names) allowance.tryHold(name, 1);
        for (const name of names)
          expect(Math.abs(allowance.heldBy(name) - MOST / (holders + 1))).toBeLessThanOrEqual(1);
      }),
      runs(20),
    );
  });

  it('An allowance has room for half of what is free for a newcomer, even after others took all that they could', () => {
    const taken = fc.array(fc.tuple(fc.nat(9), fc.integer({ min: 1, max: MOST })), { maxLength: 60 });
    fc.assert(
      fc.property(taken, (steps) => {
        const allowance = new Allowance(MOST);
        for (const [who, amount] of steps) allowance.tryHold(`holder ${who}`, amount);
        expect(allowance.hasRoom('new', Math.floor((MOST - allowance.total) / 2))).toBe(true);
        for (let who = 0; who < 10; who++) expect(allowance.heldBy(`holder ${who}`)).toBeLessThanOrEqual(MOST / 2);
      }),
      runs(300),
    );
  });

  it('An allowance never lends more than there is, and has all of it again when all is given back', () => {
    const step = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: -40, max: 40 }));
    fc.assert(
      fc.property(fc.array(step), fc.nat(30), (steps, least) => {
        const allowance = new Allowance(MOST, { least });
        const held: Record<string, number> = { a: 0, b: 0, c: 0 };
        for (const [who, amount] of steps) {
          const before = held[who] ?? 0;
          if (amount < 0 && -amount <= before) {
            allowance.release(who, -amount);
            held[who] = before + amount;
          } else if (amount > 0 && allowance.tryHold(who, amount)) {
            held[who] = before + amount;
            expect(allowance.total).toBeLessThanOrEqual(MOST);
          }
        }
        for (const [who, amount] of Object.entries(held)) {
          expect(allowance.heldBy(who)).toBe(amount);
          allowance.release(who, amount);
        }
        expect(allowance.total).toBe(0);
      }),
      runs(500),
    );
  });

  it('An allowance refuses to take back what is not held', () => {
    const allowance = new Allowance(MOST);
    allowance.hold('a', 3);
    expect(() => allowance.release('a', 4)).toThrow(RangeError);
  });
});
