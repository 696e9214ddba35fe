import { describe, expect, it } from 'vitest';
import { renderMermaid } from '../../../../projections/handshake/render-mermaid.js';
import { chartOf, crashedDeal, dealSubject, hostileNames, longLife, plainDeal } from './scenes.js';

const statements = [
  /^participant (\w+) as [^;#]+$/,
  /^Note over (\w+)(?:,(\w+))?: \d+ [^;#]+$/,
  /^(\w+)--?>>(\w+): \d+ [^;#]+$/,
];

/** What Mermaid's grammar would stumble over, as far as these charts use it. Entity codes are text. */
function flawsOf(mermaid: string): string[] {
  const [front, title, end, kind, ...body] = mermaid.trimEnd().split('\n');
  const flaws = front === '---' && end === '---' && kind === 'sequenceDiagram' ? [] : ['head'];
  if (!/^title: ".*"$/.test(title ?? '')) flaws.push('title');
  const known = new Set<string>();
  for (const line of body) {
    const text = line.trim().replace(/#\d+;/g, '');
    const match = statements.map((statement) => statement.exec(text)).find((found) => found !== null);
    if (match === undefined) flaws.push(line);
    const groups: readonly (string | undefined)[] = match?.slice(1) ?? [];
    const ids = groups.filter((id) => id !== undefined);
    if (text.startsWith('participant')) ids.forEach((id) => known.add(id));
    else flaws.push(...ids.filter((id) => !known.has(id)));
  }
  return flaws;
}

describe('the Mermaid form of a chart', () => {
  it('The Mermaid form of a chart shows a handshake from announcement to settlement', async () => {
    const { chart, names } = await chartOf(plainDeal(), dealSubject(1));
    expect(renderMermaid(chart, names)).toBe(
      `
---
title: "Deal 1-1 in ACME, confirmed: bob sells 60 to alice at 10.20"
---
sequenceDiagram
  participant i1 as Intention 1<br/>bob sells 100 at 10.20
  participant ledger as Ledger<br/>deal-1-1
  participant i2 as Intention 2<br/>alice buys 60 at 10.25
  Note over i1: 4 IntentionPosted
  Note over i2: 5 IntentionPosted
  i2-->>i1: 5 announcement, by the board
  Note over i1: 6 ProposalMade: 60 reserved
  i1->>i2: 6 proposal: 60 at 10.20
  Note over i2: 7 ProposalAccepted: 60 reserved
  i2->>i1: 7 acceptance: 60 at 10.20
  i1->>ledger: 8 DealConfirmed: 60 at 10.20
  Note over i1: 9 DealSettled: 60 filled
  i1->>i2: 9 confirmation
  Note over i2: 10 DealSettled: 60 filled
`.trimStart(),
    );
  });

  it('The Mermaid form of a chart gives each counterparty of an intention a lifeline of its own', async () => {
    const { chart, names } = await chartOf(longLife(), { intentionId: 1 });
    const mermaid = renderMermaid(chart, names);
    expect(mermaid.match(/^ {2}participant (\w+)/gm)).toEqual(
      ['i1', 'ledger', 'i2', 'i3', 'i6'].map((id) => `  participant ${id}`),
    );
    expect(flawsOf(mermaid)).toEqual([]);
  });

  it('The Mermaid form of a chart stays valid, whatever the names', async () => {
    for (const subject of [dealSubject(1), { intentionId: 1 }]) {
      const { chart } = await chartOf(crashedDeal(), subject);
      const mermaid = renderMermaid(chart, hostileNames);
      expect(flawsOf(mermaid)).toEqual([]);
      expect(mermaid).not.toMatch(/<(?!br\/>)/);
    }
  });
});
