import type { RecordedEvent } from '../../../src/events/event.js';
import { MemoryLog } from '../log/memory-log.js';
import { Dealer, type Session } from './arbitrary-steps.js';
import type { Span } from './cut.js';
import { eventsIn, ExchangeHarness } from './exchange-harness.js';

/** What a session has left: its log, which part of it each step wrote, and what time it was at the end. */
export interface PlayedSession {
  readonly log: MemoryLog;
  readonly spans: readonly Span[];
  readonly events: readonly RecordedEvent[];
  readonly nowMs: number;
}

/** Plays a session against the exchange alone; its batches are cut now here, now there. */
export async function playSession(session: Session): Promise<PlayedSession> {
  const log = new MemoryLog();
  const harness = await ExchangeHarness.open(log);
  const dealer = new Dealer();
  const spans: Span[] = [];
  for (const listing of session.listings) await harness.play({ kind: 'list', listing });
  for (const [index, what] of session.drawn.entries()) {
    if (what.kind === 'wait') harness.advance(what.byMs);
    const step = dealer.step(what, harness.nowMs);
    if (step === undefined) continue;
    const from = harness.shard.head;
    const { intentionsPosted } = harness.market;
    await harness.play(step, index % 5 === 0 ? 'durable' : 'recorded');
    if (step.kind === 'post' && harness.market.intentionsPosted > intentionsPosted) dealer.taken(step);
    spans.push({ from, until: harness.shard.head });
  }
  await harness.close();
  return { log, spans, events: await eventsIn(log), nowMs: harness.nowMs };
}
