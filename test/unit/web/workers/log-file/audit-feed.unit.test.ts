import { describe, expect, it } from 'vitest';
import { auditLog } from '../../../../../projections/audit/audit-log.js';
import type { RecordedEvent } from '../../../../../src/client/types.js';
import { auditFeed } from '../../../../../src/web/workers/log-file/audit-feed.js';
import { History } from '../../../../support/history/history.js';
import { NaiveMarket } from '../../../../support/history/naive-market.js';
import { growingLog } from '../../../projections/folding.js';
import { browserSha256 as sha256, linesOf } from './exported.js';

const history = new History();
new NaiveMarket(history, 11, { crash: 0.01, decline: 0.1, auction: 0.02, risk: 0.03 }).run(500);
const batches = history.batches();
const { head } = history;

/** As a client hears them: what follows the last one never comes. */
async function* heard(lines: readonly string[]): AsyncGenerator<RecordedEvent, void, undefined> {
  for (const line of lines) yield JSON.parse(line) as RecordedEvent; // lines are such events
  await new Promise<never>(() => undefined);
}

describe('the audit of a feed', () => {
  it('The events of a server are audited as its log is, up to the head, and end in the anchor of that', async () => {
    const { log } = await growingLog(batches);
    const { shard, anchor, ...report } = await auditFeed(
      { shard: 0, events: heard(linesOf(batches)), head },
      { sha256 },
    );
    expect(report).toEqual(await auditLog(log));
    expect({ shard, anchor }).toEqual({ shard: 0, anchor: `0/${head}:${report.digest}` });
  });

  it('It goes to the end of the batch that holds the last event before the head, and no further', async () => {
    const { firstPosition = 0, count = 0 } = batches.at(-3) ?? {};
    const before = firstPosition + count;
    const report = await auditFeed({ shard: 0, events: heard(linesOf(batches)), head: before }, { sha256 });
    expect(report.eventCount).toBe(before);
    const amid = await auditFeed({ shard: 0, events: heard(linesOf(batches)), head: firstPosition + 1 }, { sha256 });
    expect(amid.eventCount).toBe(before);
    expect((await auditFeed({ shard: 0, events: heard([]), head: 0 }, { sha256 })).eventCount).toBe(0);
  });

  it('An event that is left out is a finding, and the audit ends there', async () => {
    const lines = linesOf(batches).toSpliced(60, 1);
    const report = await auditFeed({ shard: 0, events: heard(lines), head }, { sha256 });
    expect(report).toMatchObject({ isDamaged: true });
    expect(report.anchor).toBeUndefined();
    expect(report.findings.map(({ code }) => code)).toContain('LOG_DAMAGED');
  });

  it('A signal ends the audit with its reason', async () => {
    const over = new AbortController();
    const running = { sha256, signal: over.signal, onProgress: () => over.abort(new Error('enough')) };
    await expect(auditFeed({ shard: 0, events: heard(linesOf(batches)), head }, running)).rejects.toThrow('enough');
  });
});
