import { describe, expect, it } from 'vitest';
import type { ChartRowJson } from '../../../../projections/handshake/chart-json.js';
import { barOf, barText, isSame, type Standing, standingAfter, totalOf } from '../../../../src/web/parts/standing.js';

function event(type: string, quantity?: string, freed?: string): ChartRowJson {
  return {
    ...{ position: 0, kind: 'event', text: '', type },
    ...(quantity !== undefined && { quantity }),
    ...(freed !== undefined && { freed }),
  };
}

function after(...rows: readonly ChartRowJson[]): Standing | undefined {
  return rows.reduce<Standing | undefined>(standingAfter, undefined);
}

/** Open, reserved, filled. */
function numbersAfter(...rows: readonly ChartRowJson[]): readonly number[] {
  const { open = 0n, reserved = 0n, filled = 0n } = after(...rows) ?? {};
  return [open, reserved, filled].map(Number);
}

const posted = event('IntentionPosted', '100');
const proposed = event('ProposalMade', '60');

describe('how an intention stands', () => {
  it('How an intention stands: what a proposal or an acceptance reserves is not open', () => {
    expect(numbersAfter(posted)).toEqual([100, 0, 0]);
    expect(numbersAfter(posted, proposed)).toEqual([40, 60, 0]);
    expect(numbersAfter(posted, event('ProposalAccepted', '100'))).toEqual([0, 100, 0]);
  });

  it('How an intention stands: a settlement fills what was dealt and opens again what it frees', () => {
    expect(numbersAfter(posted, proposed, event('DealSettled', '60'))).toEqual([40, 0, 60]);
    expect(numbersAfter(posted, proposed, event('DealSettled', '45', '15'))).toEqual([55, 0, 45]);
    expect(numbersAfter(posted, proposed, event('DealSettled', '0', '60'))).toEqual([100, 0, 0]);
  });

  it('How an intention stands: it is reduced and amended in what is open', () => {
    expect(numbersAfter(posted, event('IntentionReduced', '30'))).toEqual([70, 0, 0]);
    expect(numbersAfter(posted, proposed, event('DealSettled', '60'), event('IntentionAmended', '250'))).toEqual([
      250, 0, 60,
    ]);
  });

  it('How an intention stands: once it has closed, nothing opens again, and the whole stays the whole', () => {
    for (const closing of ['IntentionWithdrawn', 'IntentionExpired']) {
      const settled = [posted, proposed, event(closing, '100'), event('DealSettled', '20', '40')];
      expect(numbersAfter(...settled)).toEqual([0, 0, 20]);
      const standing = after(...settled);
      expect(standing === undefined ? undefined : totalOf(standing)).toBe(100n);
    }
  });

  it('How an intention stands: what says nothing of quantities changes nothing', () => {
    const before = after(posted, proposed);
    for (const type of ['ProposalDeclined', 'SomethingNew']) {
      const now = standingAfter(before, event(type));
      expect(before !== undefined && isSame(before, now)).toBe(true);
    }
  });
});

describe('a bar', () => {
  it('A bar has the shares of its whole, and exact numbers with their decimals', () => {
    const standing = after(event('IntentionPosted', '1.00'), event('ProposalMade', '0.25'));
    const parts = standing === undefined ? [] : barOf(standing, 200n, 2);
    expect(parts.map(({ part, quantity, share }) => [part, quantity, share])).toEqual([
      ['filled', '0.00', 0],
      ['reserved', '0.25', 0.125],
      ['open', '0.75', 0.375],
    ]);
    expect(barText(parts).replaceAll('\u00a0', ' ')).toBe('0.25 reserved · 0.75 open');
  });

  it('A bar of nothing says so, and has no length', () => {
    const parts = barOf({ open: 0n, reserved: 0n, filled: 0n, left: 0n, isClosed: false }, 0n, 0);
    expect(parts.every(({ share }) => share === 0)).toBe(true);
    expect(barText(parts)).toBe('nothing open');
  });
});
