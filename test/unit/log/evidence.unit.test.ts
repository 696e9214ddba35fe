import { describe, expect, it } from 'vitest';
import { toHex } from '../../../src/events/bytes.js';
import { contradictions, digestBefore, mustHold } from '../../../src/log/evidence.js';
import { type Evidence, LogLostError } from '../../../src/log/port.js';
import { eventsIn, ExchangeHarness } from '../../support/reference/exchange-harness.js';
import { post } from '../../support/reference/steps-of.js';
import { acme } from '../../support/reference/exchange-harness.js';
import { MemoryLog } from '../../support/log/memory-log.js';

/** A log of an exchange, batch by batch, and what each batch's end is known by. */
async function traded(participant: string): Promise<{ log: MemoryLog; known: Evidence[] }> {
  const log = new MemoryLog();
  const harness = await ExchangeHarness.open(log);
  await harness.play({ kind: 'list', listing: acme }, 'durable');
  for (let lots = 1; lots <= 4; lots++) await harness.play(post(participant, 'sell', 100, lots), 'durable');
  await harness.close();
  const known = log.ends.map(async (position) => ({
    source: 'a witness',
    position,
    digest: await digestBefore(log, position),
  }));
  return { log, known: await Promise.all(known) };
}

describe('what is known of a log beside its events', () => {
  it('What is known of a log beside its events is contradicted by no position of the log itself', async () => {
    const { log, known } = await traded('alice');
    expect(known.length).toBeGreaterThan(5);
    expect(known.every(({ digest }) => /^[0-9a-f]{64}$/.test(digest ?? ''))).toBe(true);
    expect(await contradictions(log, await log.head(), known)).toEqual([]);
  });

  it('What is known of a log beside its events is contradicted where the log ends before it', async () => {
    const { log, known } = await traded('alice');
    for (const [index, { position }] of known.entries()) {
      const found = await contradictions(log.truncateTo(position), position, known);
      expect(found.map((each) => each.position)).toEqual(known.slice(index + 1).map((each) => each.position));
    }
  });

  it('What is known of a log beside its events is contradicted by a log that was written again, however long', async () => {
    const { known } = await traded('alice');
    const { log } = await traded('mallory');
    const changed = await contradictions(log, await log.head(), known);
    const same = known.filter((each) => !changed.some(({ position }) => position === each.position));
    // Up to the first post the two hold the same events, and the batches are the same bytes.
    expect(same.length).toBeLessThan(known.length - 3);
  });

  it('What is known of a log beside its events is contradicted where no batch ends', async () => {
    const { log, known } = await traded('alice');
    const inside = known.map(({ position, ...rest }) => ({ ...rest, position: position - 1 }));
    expect(await contradictions(log, await log.head(), inside)).toHaveLength(inside.length);
  });

  it('What is known of a log beside its events counts what must be there and is gone, whatever the positions', async () => {
    const { log } = await traded('alice');
    const gone = { source: 'writer-000001.json', position: 0, missing: 'a.log' };
    expect(await contradictions(log, await log.head(), [gone])).toMatchObject([{ missing: 'a.log' }]);
  });

  it('What is known of a log beside its events ends an opening, with the evidence and the way out', async () => {
    const { log, known } = await traded('alice');
    const [first, last] = [known[1], known.at(-1)];
    const cut = log.truncateTo(first?.position ?? 0);
    const refused = mustHold(cut, await cut.head(), known, undefined);
    await expect(refused).rejects.toThrow(LogLostError);
    await expect(refused).rejects.toThrow(`every event before position ${last?.position ?? 0}`);
    await expect(refused).rejects.toThrow(`--accept-loss 0/${first?.position ?? 0}`);
    await expect(mustHold(cut, await cut.head(), known, (first?.position ?? 0) + 1)).rejects.toThrow(LogLostError);
    await expect(mustHold(cut, await cut.head(), known, first?.position)).resolves.toHaveLength(known.length - 2);
  });
});

describe('an accepted loss', () => {
  it('An accepted loss is logged before anything else happens, and voids the evidence from then on', async () => {
    const { log, known } = await traded('alice');
    const last = known.at(-1)?.position ?? 0;
    const cut = log.truncateTo(known[2]?.position ?? 0);
    const head = await cut.head();
    const evidence = async () => known;
    await expect(ExchangeHarness.open(cut, { evidence })).rejects.toThrow(LogLostError);
    expect(await cut.head()).toBe(head);

    const again = await ExchangeHarness.open(cut, { evidence, acceptLoss: head });
    await again.play(post('bob', 'buy', 100, 1), 'durable');
    await again.close();
    const events = (await eventsIn(cut)).filter(({ position }) => position >= head);
    expect(events.map(({ event }) => event.type).slice(0, 2)).toEqual(['ShardStarted', 'LossAccepted']);
    expect(events[1]?.event).toMatchObject({ knownPosition: last, evidence: expect.stringContaining('a witness') });

    const once = await ExchangeHarness.open(cut, { evidence });
    await once.close();
    // What is learnt after that counts, also below what was once known.
    const learnt = await Promise.all(
      cut.ends.map(async (position) => ({ position, digest: await digestBefore(cut, position) })),
    );
    const newest = learnt.at(-1);
    const since = async () => [...known, { source: 'a claim', ...newest, position: newest?.position ?? 0 }];
    const shortened = cut.truncateTo(learnt.at(-2)?.position ?? 0);
    await expect(ExchangeHarness.open(shortened, { evidence: since })).rejects.toThrow('a claim knows');
    const later = async () => [
      ...known,
      { source: 'an anchor', position: last + 1_000, digest: toHex(new Uint8Array(32)) },
    ];
    await expect(ExchangeHarness.open(cut, { evidence: later })).rejects.toThrow('an anchor knows');
  });
});
