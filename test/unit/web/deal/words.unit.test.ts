import { describe, expect, it } from 'vitest';
import { sentenceOf } from '../../../../src/web/deal/words.js';
import { crashedDeal, dealSubject, jsonOf, longLife, plainDeal } from '../charts.js';

describe('the words of a replay', () => {
  it('The words of a replay tell a handshake from beginning to end', async () => {
    const chart = await jsonOf(plainDeal(), dealSubject(1));
    expect(chart.rows.map((row) => sentenceOf(row, chart))).toEqual([
      'bob’s intention 1 is posted: 100 at 10.20.',
      'alice’s intention 2 is posted: 60 at 10.25.',
      'The board announces alice’s intention 2 to bob’s intention 1.',
      'bob’s intention 1 reserves 60 at 10.20, and its proposal is in the log.',
      'bob’s intention 1 proposes to alice’s intention 2: 60 at 10.20.',
      'alice’s intention 2 reserves 60 at 10.20, and its acceptance is in the log.',
      'alice’s intention 2 accepts, and tells bob’s intention 1: 60 at 10.20.',
      'bob’s intention 1 has the ledger confirm: 60 at 10.20. This one event makes the deal.',
      'bob’s intention 1 settles: 60 filled.',
      'bob’s intention 1 tells alice’s intention 2 that the deal is confirmed.',
      'alice’s intention 2 settles: 60 filled.',
    ]);
  });

  it('The words of a replay tell restarts, what is said again, and what comes too late', async () => {
    const chart = await jsonOf(crashedDeal(), dealSubject(1));
    const told = chart.rows.map((row) => sentenceOf(row, chart));
    expect(told).toContain('Restart: the writer of epoch 2 takes over.');
    expect(told).toContain('bob’s intention 1 proposes again to alice’s intention 2: 60 at 10.20.');
    expect(told).toContain('The ledger tells alice’s intention 2, which asked, that the deal is confirmed.');
    expect(told.at(-1)).toBe('Another decision, aborted, comes late and is ignored: the first one stands.');
  });

  it('The words of a replay tell why there is no deal, and how an intention ends', async () => {
    const chart = await jsonOf(longLife(), { intentionId: 1 });
    const told = chart.rows.map((row) => sentenceOf(row, chart));
    expect(told).toContain('Intention 3 declines: it is in doubt about another deal.');
    expect(told).toContain('bob’s intention 1 has the ledger abort: declined. There is no deal.');
    expect(told).toContain('bob’s intention 1 tells intention 3 that the deal is aborted.');
    expect(told.at(-1)).toBe('bob’s intention 1 is withdrawn: requested.');
    for (const sentence of told) expect(sentence).toMatch(/^\S.*[^.]\.$/);
  });
});
