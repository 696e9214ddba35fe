import { describe, expect, it } from 'vitest';
import { abortedInDoubt, settledByStart, settledLately } from '../../../../src/web/doubts/settled.js';
import { waitingWords } from '../../../../src/web/doubts/waiting-words.js';
import type { Doubt as DoubtView, Timeline } from '../../../../src/web/source/source.js';
import { event, sourceOfLog } from '../log/events.js';

const start = event('ShardStarted', { epoch: 2 }, 10);
const decided = (type: string, initiatorId: number, position: number, fields = {}) =>
  event(type, { initiatorId, dealNumber: 1, ...fields }, position);

describe('deals that were in doubt', () => {
  it('Aborted deals were in doubt when the reason is another than a decline', () => {
    const events = [
      decided('DealAborted', 1, 3, { reason: 'declined' }),
      decided('DealAborted', 2, 4, { reason: 'recovery' }),
      decided('DealAborted', 3, 5, { reason: 'responderDeadline' }),
    ];
    expect(abortedInDoubt(events).map(({ deal }) => deal)).toEqual(['2-1', '3-1']);
  });

  it('Deals that a start settled are those decided after it that were proposed before it', () => {
    const events = [
      start,
      decided('DealConfirmed', 1, 11),
      event('ProposalMade', { intentionId: 2, dealNumber: 1 }, 12),
      decided('DealConfirmed', 2, 13),
    ];
    expect(settledByStart(events)).toEqual([
      expect.objectContaining({ deal: '1-1', outcome: 'confirmed', position: 11 }),
    ]);
    expect(settledByStart(events.slice(1))).toEqual([]);
  });

  it('Deals that were in doubt are listed once each, the latest first, and none from beyond the moment', async () => {
    const log = [
      ...Array.from({ length: 10 }, (_, position) => event('BatchSealed', {}, position)),
      start,
      decided('DealAborted', 1, 11, { reason: 'recovery' }),
      decided('DealConfirmed', 2, 12),
      decided('DealAborted', 3, 13, { reason: 'parked' }),
    ];
    const mark = { position: 10, at: '2026-01-01T00:00:00.000Z', kind: 'restart', epoch: 2 } as const;
    const timeline = (): Promise<Timeline> =>
      Promise.resolve({ position: 14, from: 0, until: 14, deals: [0], marks: [mark] });
    const { settled, from } = await settledLately({ ...sourceOfLog(log), timeline }, { shard: undefined, end: 13 });
    expect(settled.map(({ deal, outcome }) => [deal, outcome])).toEqual([
      ['2-1', 'confirmed'],
      ['1-1', 'aborted'],
    ]);
    expect(from).toBe(0);
  });
});

describe('a promise in doubt', () => {
  const doubt: DoubtView = {
    ...{ deal: '7-2', initiatorIntention: '7', responderIntention: '9', instrument: 'ACME', price: '10.25' },
    ...{
      quantity: '30',
      state: 'proposed',
      position: 5,
      at: '2026-01-01T00:00:00.000Z',
      ageMs: 1,
      settledBy: 'responder',
    },
  };

  it('A promise in doubt says who waits for whom', () => {
    expect(waitingWords(doubt)).toMatchObject({ next: '9', nextRole: 'responder', waits: '7', waitsRole: 'initiator' });
    expect(waitingWords({ ...doubt, settledBy: 'initiator' })).toMatchObject({ next: '7', waits: '9' });
  });

  it('A promise in doubt names the shard in whose log the decision stands', () => {
    const remote = { ...doubt, initiatorIntention: String(3 * 2 ** 32 + 7), settledBy: 'initiatorsShard' } as const;
    expect(waitingWords(remote).settles).toContain('shard 3');
  });
});
