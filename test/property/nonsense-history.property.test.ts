import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { BookFold } from '../../projections/book/book.js';
import { DirectoryFold } from '../../projections/directory/directory.js';
import { LedgerFold } from '../../projections/ledger/ledger.js';
import { TapeFold } from '../../projections/tape/tape.js';
import { LineFold } from '../../projections/log-lines/line-fold.js';
import { directoryNames } from '../../projections/handshake/names.js';
import { ReadModel } from '../../projections/model/read-model.js';
import { auditLog } from '../../projections/audit/audit-log.js';
import { foldLog } from '../../projections/read-models.js';
import { BrokenHistoryError } from '../../src/domain/market-directory.js';
import { type Event } from '../../src/events/event.js';
import { replay } from '../../src/exchange/recovery/recovery.js';
import { logOfEvents } from '../support/history/log-of-events.js';
import { sessions } from '../support/reference/arbitrary-steps.js';
import { events } from '../support/reference/arbitrary-events.js';
import { playSession } from '../support/reference/play-session.js';
import { runs } from '../support/property/runs.js';
import { StepCounter } from '../support/step-counter.js';

/** About fifteen times what an event of a true history takes all readers together. */
const MOST_STEPS = 5_000;

const steps = new StepCounter();
afterAll(() => {
  steps.end();
});

/** Every reader of histories comes to an end with it, soon, and with nothing worse than to say that it is broken. */
async function expectSurvived(some: readonly Event[]): Promise<void> {
  const log = await logOfEvents(some);
  const replayed = await replay(log).catch((error: unknown) => error);
  if (replayed instanceof Error) expect(replayed).toBeInstanceOf(BrokenHistoryError);
  const { findings } = await auditLog(log);
  if (replayed instanceof Error) expect(findings).not.toEqual([]);
  const directory = new DirectoryFold();
  const lines = new LineFold(0, directoryNames(directory), { from: 0, until: Number.MAX_SAFE_INTEGER });
  const folds = [lines, directory, new LedgerFold(), new BookFold(), new TapeFold(), new ReadModel()];
  const { position } = await foldLog(log, folds, { until: await log.head() });
  expect(position).toBe(await log.head());
  const taken = steps.taken();
  expect(taken).toBeGreaterThan(some.length);
  expect(taken).toBeLessThan(MOST_STEPS * (some.length + 1));
}

/** The same events with small numbers, so that they are about each other. */
const near = (event: Event): Event =>
  Object.fromEntries(
    Object.entries(event).map(([name, value]) => [
      name,
      typeof value === 'number' && name !== 'version' ? value % 4 : value,
    ]),
  ) as unknown as Event; // only its numbers have changed, and any number is one

describe('a log whose frames are right and whose events make no sense', () => {
  it('A log whose frames are right and whose events make no sense breaks no reader, however large its numbers: the replay says that the history is broken, the audit says where', async () => {
    const some = fc.array(events, { minLength: 1, maxLength: 10 });
    steps.taken();
    await fc.assert(fc.asyncProperty(some, expectSurvived), runs(150));
    await fc.assert(
      fc.asyncProperty(
        some.map((each) => each.map(near)),
        expectSurvived,
      ),
      runs(150),
    );
  });

  it('A true history with an event lost, doubled or too early breaks no reader either', async () => {
    const changes = fc.constantFrom('lost', 'twice', 'early');
    await fc.assert(
      fc.asyncProperty(sessions(30, 5), fc.nat(), changes, async (session, pick, change) => {
        const { events: recorded } = await playSession(session);
        const history = recorded.map(({ event }) => event).filter(({ type }) => type !== 'BatchSealed');
        const at = pick % history.length;
        const [event] = history.splice(at, change === 'twice' ? 0 : 1);
        if (event !== undefined && change !== 'lost') history.splice(Math.floor(at / 2), 0, event);
        steps.taken();
        await expectSurvived(history);
      }),
      runs(40),
    );
  });
});
