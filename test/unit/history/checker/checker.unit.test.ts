import { describe, expect, it } from 'vitest';
import { check } from '../../../history/checker/check.js';
import { labelOf } from '../../../history/checker/findings.js';
import type { History, LogEvent, Operation } from '../../../history/checker/history.js';
import { type HistoryMutantName, historyMutantNames, historyMutants } from '../../../history/mutants.js';
import { countOperations, neverSeen } from '../../../history/report.js';
import { StagedHistory } from '../../../history/staged-history.js';

const COUNT = 900;
const SEED = 7;

const made = new Map<number, History>();

/** Everything in it is right. The same one each time, so nobody may change it. */
function honest(seed = SEED): History {
  const { operations, log } = made.get(seed) ?? new StagedHistory(seed).play(COUNT);
  made.set(seed, { operations, log });
  return { operations, log };
}

function labels(history: History): string[] {
  return [...new Set(check(history).findings.map(labelOf))].sort();
}

/** What each lie is found as; it may be found as more. */
const foundAs: Readonly<Record<HistoryMutantName, string>> = {
  'dirty-read': 'neverStood book',
  'stale-read': 'stale positions',
  'double-count': 'neverStood positions',
  'late-rows': 'laterThanSaid positions',
  'lost-deal': 'neverStood deals',
  'lost-ack': 'lost post',
  'order-swap': 'lost post',
};

describe('the checker of histories', () => {
  it('The checker of histories finds nothing in histories in which everything is right', () => {
    for (const seed of [1, 2, 3]) expect(check(honest(seed)).findings, `seed ${seed}`).toEqual([]);
  });

  it('The checker of histories compares every read and every refusal, and explains every event', () => {
    const history = honest();
    const { looked } = check(history);
    expect(looked['events as the model says']).toBe(history.log.length);
    const counts = countOperations(history.operations);
    const reads = [...counts].filter(([name]) =>
      /refused|^(book|instruments?|intentions?|deals|positions) done/.test(name),
    );
    const excused = history.operations.filter(({ reply }) =>
      /CLIENT_ID_REUSED|INVALID_EXPIRY/.test(String(reply?.body.code)),
    );
    expect(looked['reads and refusals compared']).toBeGreaterThanOrEqual(
      reads.reduce((sum, [, count]) => sum + count, 0) - excused.length,
    );
    expect(neverSeen(history)).toEqual([]);
  });

  it.each(historyMutantNames)('The checker of histories finds a lie: %s', (name) => {
    const { operations, log } = new StagedHistory(SEED, historyMutants[name].make()).play(COUNT);
    expect(labels({ operations, log })).toContain(foundAs[name]);
  });

  it('The checker of histories holds what a shard that has stopped still shows to the same, beside its saying so', () => {
    const { operations, log } = honest();
    const stopped = (change: object): Operation[] =>
      operations.map((operation) => {
        const { ask, reply } = operation;
        if (ask.kind !== 'book' || reply?.status !== 200) return operation;
        return { ...operation, reply: { ...reply, body: { ...reply.body, ...change } } };
      });
    const told = { state: 'stopped', reason: 'its log is away' };
    expect(labels({ operations: stopped(told), log })).toEqual([]);
    expect(labels({ operations: stopped({ ...told, phase: 'of the moon' }), log })).toEqual(['neverStood book']);
    expect(labels({ operations: stopped({ reason: 'its log is away' }), log })).toEqual(['neverStood book']);
  });

  it('The checker of histories says that a history in which little happened proves little', () => {
    const { operations, log } = new StagedHistory(SEED).play(10);
    expect(neverSeen({ operations, log })).toContain('uncross done');
  });

  it('The checker of histories finds what stands before another that was answered before it was asked', () => {
    const { operations, log } = honest();
    const [first, second] = operations.filter(({ ask, reply }) => ask.kind === 'post' && reply?.status === 201);
    const swapped = operations.map((operation) => {
      if (operation === first) return { ...operation, beganMs: second?.beganMs ?? 0, endedMs: second?.endedMs ?? 0 };
      return operation === second
        ? { ...operation, beganMs: first?.beganMs ?? 0, endedMs: first?.endedMs ?? 0 }
        : operation;
    });
    expect(labels({ operations: swapped, log })).toContain('order post');
  });

  it('The checker of histories finds a log in which a deal is missing', () => {
    const { operations, log } = honest();
    const at = log.findIndex(({ type }) => type === 'ProposalMade');
    const shorter = [...log.slice(0, at), ...log.slice(at + 5)].map((event, position) => ({ ...event, position }));
    expect(labels({ operations, log: shorter })).toContain('unlikeModel log');
  });

  it('The checker of histories finds a deal with somebody whose turn it was not', () => {
    const { operations, log } = honest();
    const other = log.map((event) =>
      event.type === 'ProposalMade' ? { ...event, priceTicks: Number(event.priceTicks) + 1 } : event,
    );
    expect(labels({ operations, log: other })).toContain('unlikeModel log');
  });

  it('The checker of histories finds what stands in the log twice, and what nobody asked for', () => {
    const { operations, log } = honest();
    const posted = log.find(({ type }) => type === 'IntentionPosted');
    const again = [...log, { ...posted, position: log.length } as LogEvent]; // of an event, with another position
    expect(labels({ operations, log: again })).toContain('twice log');
    const strange = { ...posted, clientIntentionId: 'nobody', position: log.length } as LogEvent; // likewise
    expect(labels({ operations, log: [...log, strange] })).toContain('uninvited log');
  });

  it('The checker of histories finds an answer to a repetition that is not the first one', () => {
    const { operations, log } = honest();
    const first = operations.find(({ ask, reply }) => ask.kind === 'post' && reply?.status === 201);
    if (first?.reply === undefined) throw new Error('nothing was posted');
    const reply = { status: 201, body: { ...first.reply.body, id: '9999' } };
    const again: Operation = { ...first, number: operations.length, beganMs: 1e9, endedMs: 1e9 + 1, reply };
    expect(labels({ operations: [...operations, again], log })).toContain('repetition post');
  });

  it('The checker of histories takes what was never answered as done, where it stands in the log, and as undone where it does not', () => {
    const { operations, log } = honest();
    const silent = operations.map((operation) => ({ ...operation, reply: undefined }));
    expect(labels({ operations: silent, log })).toEqual([]);
    const lost: Operation = {
      ...{ number: operations.length, beganMs: 1e9, endedMs: 1e9 + 1, reply: undefined },
      ask: { kind: 'withdraw', id: '1' },
    };
    expect(labels({ operations: [...operations, lost], log })).toEqual([]);
  });

  it('The checker of histories takes a withdrawal for its own doing where a reduction by as much stands before it', () => {
    const staged = new StagedHistory(SEED);
    staged.play(1);
    const terms = { participant: 'ada', instrument: 'AAA', side: 'buy', price: '1.00', quantity: '8' } as const;
    const posted = staged.ask({ kind: 'post', body: { clientIntentionId: 'once', ...terms } });
    const id = String(posted.reply?.body.id);
    const reduced = staged.ask({ kind: 'reduce', id, by: '4' });
    expect(staged.ask({ kind: 'withdraw', id }).reply?.status).toBe(200);
    const { operations, log } = staged;
    const unanswered = operations.map((one) => (one === reduced ? { ...one, reply: undefined } : one));
    expect(labels({ operations: unanswered, log })).toEqual([]);
  });

  it('The checker of histories finds a refusal for a reason that never held', () => {
    const { operations, log } = honest();
    const taken = operations.find(({ ask, reply }) => ask.kind === 'withdraw' && reply?.status === 200);
    const refused: Operation = {
      ...{
        number: operations.length,
        beganMs: 1e9,
        endedMs: 1e9 + 1,
        reply: { status: 409, body: { code: 'NOT_LESS' } },
      },
      ask: taken?.ask ?? { kind: 'withdraw', id: '1' },
    };
    expect(labels({ operations: [...operations, refused], log })).toContain('refusal withdraw');
  });

  it('The checker of histories finds an event in the feed that the log does not hold', () => {
    const { operations, log } = honest();
    const feed: Operation = {
      ...{ number: operations.length, beganMs: 1e9, endedMs: 1e9 + 1, ask: { kind: 'events', from: 3 } },
      reply: { status: 200, body: { events: [log[3], { ...log[4], type: 'Strange' }] } },
    };
    expect(labels({ operations: [...operations, feed], log })).toEqual(['feed events']);
  });
});
