import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SqlDatabase } from '../../../../../projections/store/database/database.js';
import { schema } from '../../../../../projections/store/database/schema.js';
import { Status } from '../../../../../projections/store/database/status.js';
import { StandingLevels } from '../../../../../projections/store/database/standing-levels.js';
import { OpenIntentions } from '../../../../../projections/store/queries/open-intentions.js';
import { IntentionRows, IntentionsWriter } from '../../../../../projections/store/rows/intention-rows.js';
import { PostingsWriter } from '../../../../../projections/store/rows/postings.js';
import { runs } from '../../../../support/property/runs.js';

/** Ids end beyond one part of postings, and beyond one table of clients’ ids. */
const FIRST_ID = 2 ** 32 + 2 ** 18 - 100;
const steps = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('post' as const),
        participant: fc.nat({ max: 2 }),
        skip: fc.nat({ max: 3 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('jump' as const) }) },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constantFrom('withdraw' as const, 'expire' as const), which: fc.nat() }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('write' as const) }) },
  ),
  { minLength: 1, maxLength: 400 },
);

interface Known {
  readonly id: number;
  readonly participant: number;
  readonly clientId: string;
  status: number;
}

it('Intentions are found by id, by their client’s id and by status, in however many chunks they came and changed', () => {
  fc.assert(
    fc.property(steps, (steps) => {
      const database = new SqlDatabase(':memory:');
      database.exec(schema);
      const postings = new PostingsWriter(database);
      const writer = new IntentionsWriter(database, postings);
      const [open, levels] = [new OpenIntentions(), new StandingLevels()];
      const known: Known[] = [];
      let [id, position] = [FIRST_ID, 0];
      const write = (): void => {
        writer.write(open);
        postings.write();
        open.written(levels);
      };
      for (const step of steps) {
        position++;
        if (step.kind === 'write') write();
        else if (step.kind === 'jump') id += 70_000;
        else if (step.kind === 'post') {
          id += 1 + step.skip;
          const clientId = `ü-${known.length}`;
          known.push({ id, participant: step.participant, clientId, status: Status.Open });
          open.post(
            { ...posted, intentionId: id, participantId: step.participant, clientIntentionId: clientId },
            position,
          );
        } else if (known.length > 0) {
          const one = known[step.which % known.length];
          if (one?.status !== Status.Open) continue;
          const at = { position, atMs: 1_700_000_000_000 };
          one.status = step.kind === 'expire' ? Status.Expired : Status.Withdrawn;
          if (step.kind === 'expire') open.expire(one.id, at);
          else open.withdraw(one.id, 0, at);
        }
      }
      write();
      const rows = new IntentionRows(database);
      for (const { id, participant, clientId, status } of known) {
        expect(rows.row(id)).toMatchObject({ 0: id, 1: clientId, 2: participant, 17: status });
        expect(rows.byClientId(participant, clientId)?.[0]).toBe(id);
        expect(rows.byClientId(participant + 1, clientId)).toBeUndefined();
      }
      expect([...rows.after(FIRST_ID)].map((row) => row[0])).toEqual(known.map(({ id }) => id));
      const stillOpen = known.filter(({ status }) => status === Status.Open).map(({ id }) => id);
      expect([...rows.unsettled()].map((row) => row[0])).toEqual(stillOpen);
      expect([...levels.openIds.after(-1)]).toEqual(stillOpen);
      for (const participant of [0, 1, 2]) {
        const statuses = [Status.Withdrawn, Status.Expired];
        const closed = known.filter((one) => one.participant === participant && one.status !== Status.Open);
        for (const after of [-1, closed[0]?.id ?? -1, closed.at(-3)?.id ?? -1]) {
          const expected = closed.map(({ id }) => id).filter((id) => id > after);
          expect([...rows.closedIds(participant, statuses, after)]).toEqual(expected);
        }
      }
      database.close();
    }),
    runs(60),
  );
});

const posted = {
  revision: 0,
  instrumentId: 1,
  side: 0,
  pricing: 0,
  priceTicks: 100,
  quantityLots: 5,
  timeInForce: 0,
  postOnly: false,
  expiresAtMs: 0,
  atMs: 1_700_000_000_000,
};
