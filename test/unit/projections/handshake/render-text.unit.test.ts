import { describe, expect, it } from 'vitest';
import { MAX_COLUMNS, renderText } from '../../../../projections/handshake/render-text.js';
import type { History } from '../../../support/history/history.js';
import { chartOf, crashedDeal, dealSubject, hostileNames, longLife, Meeting, plainDeal } from './scenes.js';

async function textOf(history: History, subject = dealSubject(1)): Promise<string> {
  const { chart, names } = await chartOf(history, subject);
  return renderText(chart, names);
}

const longestLine = (text: string): number => Math.max(...text.split('\n').map((line) => line.length));

describe('the text of a chart', () => {
  it('The text of a chart shows a handshake from announcement to settlement', async () => {
    expect(await textOf(plainDeal())).toBe(
      `
Deal 1-1 in ACME, confirmed: bob sells 60 to alice at 10.20

      Intention 1                   Ledger                    Intention 2
      bob sells 100 at 10.20       deal-1-1        alice buys 60 at 10.25
      ┬                                ┬                                ┬
   4  ● IntentionPosted                │                                │
   5  │                                │                IntentionPosted ●
      │◄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄ announcement, by the board ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┤
   6  ● ProposalMade: 60 reserved      │                                │
      ├───────────────────── proposal: 60 at 10.20 ────────────────────►│
   7  │                                │  ProposalAccepted: 60 reserved ●
      │◄─────────────────── acceptance: 60 at 10.20 ────────────────────┤
   8  ├── DealConfirmed: 60 at 10.20 ─►●                                │
   9  ● DealSettled: 60 filled         │                                │
      ├───────────────────────── confirmation ─────────────────────────►│
  10  │                                │         DealSettled: 60 filled ●
      ┴                                ┴                                ┴
`.trimStart(),
    );
  });

  it('The text of a chart shows a decline, and what it frees', async () => {
    const meeting = new Meeting();
    meeting.refusal(meeting.seller, meeting.buyer, 1020, 60);
    const text = await textOf(meeting);
    expect(text).toContain('Deal 1-1 in ACME, aborted: declined');
    expect(text).toContain('ProposalDeclined: it is in doubt about another deal ●');
    expect(text).toMatch(/├─+ DealAborted: declined ─+►●/);
    expect(text).toContain('● DealSettled: 60 freed');
  });

  it('The text of a chart says so when a deal is in doubt at the head of the log', async () => {
    const meeting = new Meeting();
    meeting.propose(meeting.seller, meeting.buyer, 1020, 60);
    expect(await textOf(meeting)).toMatch(
      /^Deal 1-1 in ACME, in doubt at the head of the log: bob and alice, 60 at 10.20\n/,
    );
  });

  it('The text of a chart shows restarts, what is sent again, and what is looked up in the ledger', async () => {
    await expect(await textOf(crashedDeal())).toMatchFileSnapshot('./snapshots/crashed-deal.txt');
  });

  it('The text of a chart shows the whole life of an intention', async () => {
    await expect(await textOf(longLife(), { intentionId: 1 })).toMatchFileSnapshot('./snapshots/intention.txt');
  });

  it('The text of a chart shows the arriving side of an intention, too', async () => {
    const text = await textOf(plainDeal(), { intentionId: 2 });
    expect(text).toContain('── deal 1-1 with intention 1: bob sells 100 at 10.20 ──');
    expect(text).toMatch(/● ProposalAccepted: 60 reserved {2}│/);
    expect(text).toMatch(/●◄─ DealConfirmed: 60 at 10.20 ─+┤/);
  });

  it('The text of a chart is plain ASCII when asked', async () => {
    const { chart, names } = await chartOf(crashedDeal(), dealSubject(1));
    const text = renderText(chart, names, { ascii: true });
    expect(text).toMatch(/^[\n -~]*$/);
    expect(text).toContain('-- DealConfirmed: 60 at 10.20 ->*');
  });

  it('The text of a chart keeps within its columns, whatever the names and numbers', async () => {
    const history = longLife();
    for (const subject of [dealSubject(1), dealSubject(1, 2), { intentionId: 1 }]) {
      const { chart, names } = await chartOf(history, subject);
      const wide = { ...names, quantity: () => '1234567890123456.000', price: () => '123456789.0000' };
      for (const text of [renderText(chart, names), renderText(chart, wide), renderText(chart, hostileNames)]) {
        expect(longestLine(text)).toBeLessThanOrEqual(MAX_COLUMNS);
        expect(text).not.toMatch(/[^\P{C}\n]/u);
        expect(text).not.toMatch(/[ ]$/m);
      }
    }
  });

  it('The text of a chart keeps within the columns of a terminal, as long as its lanes can be narrowed', async () => {
    for (const subject of [dealSubject(1), { intentionId: 1 }]) {
      const { chart, names } = await chartOf(longLife(), subject);
      const wide = renderText(chart, names);
      for (const columns of [35, 36, 50, 79, 100]) {
        const text = renderText(chart, names, { columns });
        expect(longestLine(text)).toBeLessThanOrEqual(columns);
        expect(text.split('\n')).toHaveLength(wide.split('\n').length);
        expect(text).not.toMatch(/[ ]$/m);
      }
      expect(renderText(chart, names, { columns: 200 })).toBe(wide);
      expect(longestLine(renderText(chart, names, { columns: 10 }))).toBe(35);
    }
  });

  it('The text of a chart keeps its headings apart in narrow lanes', async () => {
    const { chart, names } = await chartOf(plainDeal(), dealSubject(1));
    const lines = renderText(chart, names, { columns: 50 }).split('\n');
    expect(lines[3]).toBe('      bob sells 100 a… deal-1-1 alice buys 60 at…');
  });
});
