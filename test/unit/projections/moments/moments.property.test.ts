import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chartJson } from '../../../../projections/handshake/chart-json.js';
import { readChart } from '../../../../projections/handshake/read-chart.js';
import { ModelCheckpoints } from '../../../../projections/model/checkpoints.js';
import { pack } from '../../../../projections/model/packed.js';
import { ReadModel } from '../../../../projections/model/read-model.js';
import { Moments } from '../../../../projections/moments/moments.js';
import { HANDSHAKE_EVENTS, tellChart, tellWhy } from '../../../../projections/moments/telling.js';
import { explain } from '../../../../projections/why/explain.js';
import { explanationJson } from '../../../../projections/why/explanation-json.js';
import type { EventBatch } from '../../../../src/events/fold.js';
import { logOf } from '../../../support/history/history-log.js';
import { History } from '../../../support/history/history.js';
import { NaiveMarket } from '../../../support/history/naive-market.js';
import { removeFolder, temporaryFolder } from '../../../support/log/temporary-folder.js';
import { runs } from '../../../support/property/runs.js';
import { folded } from '../folding.js';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => {
  removeFolder(folder);
});

const wild = { crash: 0.01, decline: 0.1, auction: 0.02 };
/** Evenly: doubles would nearly always be next to 0. */
const share = fc.integer({ min: 0, max: 1_000 }).map((thousandths) => thousandths / 1_000);
const cases = fc.record({
  seed: fc.nat(),
  length: fc.integer({ min: 20, max: 800 }),
  cuts: fc.array(share, { minLength: 1, maxLength: 12 }),
  kept: fc.array(share, { maxLength: 5 }),
  subjects: fc.array(share, { minLength: 1, maxLength: 6 }),
});

const NEVER = Number.POSITIVE_INFINITY;

interface Past {
  readonly history: History;
  readonly batches: readonly EventBatch[];
  readonly checkpoints: ModelCheckpoints;
  readonly moments: Moments;
}

/** A history, with checkpoints at the ends of some of its batches, and wherever a crash ended one amid something. */
async function pastOf({
  seed,
  length,
  kept,
}: {
  seed: number;
  length: number;
  kept: readonly number[];
}): Promise<Past> {
  const history = new History();
  new NaiveMarket(history, seed, wild).run(length);
  const batches = history.batches();
  const checkpoints = new ModelCheckpoints(`${folder}/${seed}-${length}-${kept.join()}`);
  for (const share of kept) {
    const last = batches[Math.floor(share * (batches.length - 1))];
    if (last === undefined) continue;
    await checkpoints.write(folded(batches, new ReadModel(), last.firstPosition + last.count));
  }
  const model = new ReadModel();
  for (const batch of batches) {
    folded([batch], model);
    if (history.events[model.foldedTo]?.type === 'ShardStarted') await checkpoints.write(model);
  }
  return { history, batches, checkpoints, moments: new Moments(logOf(history), checkpoints) };
}

describe('moments', () => {
  it('A model of any moment, by whatever checkpoints and models are at hand, is the fold of the log from its beginning', async () => {
    const property = fc.asyncProperty(cases, async (which) => {
      const { history, batches, moments } = await pastOf(which);
      for (const cut of which.cuts) {
        const position = Math.floor(cut * history.head);
        const model = await moments.modelAt(position, NEVER);
        expect(Buffer.compare(pack(model.dump()), pack(folded(batches, new ReadModel(), position).dump()))).toBe(0);
      }
    });
    await fc.assert(property, runs(25));
  });

  it('An explanation that begins at a checkpoint and ends when nothing more can be said is that of the whole log', async () => {
    const property = fc.asyncProperty(cases, async (which) => {
      const { history, moments } = await pastOf(which);
      const posted = history.events.flatMap((event, position) =>
        event.type === 'IntentionPosted' ? [{ id: event.intentionId, position }] : [],
      );
      for (const [index, subject] of which.subjects.entries()) {
        const { id = 0, position: since = 0 } = posted[Math.floor(subject * (posted.length - 1))] ?? {};
        const until = Math.floor((which.cuts[index] ?? 1) * history.head);
        const whole = await explain(logOf(history), id, { until });
        const wish = { intentionId: id, since, format: 'json' } as const;
        const told = await tellWhy(moments, wish, { until, deadlineMs: NEVER, shard: undefined });
        expect(told).toEqual(whole && explanationJson(whole.explanation, whole.names));
      }
    });
    await fc.assert(property, runs(25));
  });

  it('A chart that begins at a checkpoint and ends when nothing more can come is that of the whole log', async () => {
    const property = fc.asyncProperty(cases, async (which) => {
      const { history, moments } = await pastOf(which);
      const postedAt = new Map<number, number>();
      history.events.forEach((event, position) => {
        if (event.type === 'IntentionPosted') postedAt.set(event.intentionId, position);
      });
      const proposals = history.events.filter((event) => event.type === 'ProposalMade');
      for (const [index, subject] of which.subjects.entries()) {
        const proposal = proposals[Math.floor(subject * (proposals.length - 1))];
        if (proposal === undefined) return;
        const { intentionId: initiatorId, dealNumber } = proposal;
        const until = Math.floor((which.cuts[index] ?? 1) * history.head);
        const since = postedAt.get(initiatorId) ?? 0;
        const meant = [{ deal: { initiatorId, dealNumber } }, { intentionId: initiatorId }];
        // Looked for from its proposal on, as where its decision came long after it: the meeting may lie before a crash.
        const near = HANDSHAKE_EVENTS + history.events.indexOf(proposal);
        for (const [of, nearby] of [...meant.map((of) => [of] as const), [meant[0], near] as const]) {
          if (of === undefined) return;
          const whole = await readChart(logOf(history), of, { until });
          const wish = { subject: of, since, near: nearby, format: 'json' } as const;
          const told = await tellChart(moments, wish, { until, deadlineMs: NEVER, shard: undefined });
          expect(told).toEqual(whole && chartJson(whole.chart, whole.names));
        }
      }
    });
    await fc.assert(property, runs(25));
  });
});
