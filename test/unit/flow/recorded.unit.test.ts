import { expect, it } from 'vitest';
import { bookDepthNeeded, checkStep } from '../../../src/flow/checks/expectations.js';
import { emptyTally, type Mismatch, type Tally } from '../../../src/flow/checks/findings.js';
import { openFlow } from '../../../src/flow/open.js';
import { NaiveExchange } from './naive-exchange.js';
import { describeWith } from '../../support/needs/suite.js';
import { orderFlowFolder } from '../../support/needs/tools.js';
import { stepsIn } from './reading.js';

interface Reading {
  readonly symbol: string;
  /** Of each kind of command and expectation, how many. */
  readonly counts: Record<string, number>;
}

async function read(name: string): Promise<Reading> {
  const { symbol, batches } = await openFlow(`${orderFlowFolder}${name}`);
  const counts: Record<string, number> = {};
  for (const step of await stepsIn(batches)) {
    for (const { kind } of [step.command, ...step.expectations.map(({ expected }) => expected)]) {
      counts[kind] = (counts[kind] ?? 0) + 1;
    }
  }
  return { symbol, counts };
}

/** Plays a file into the plainest exchange. */
async function play(name: string): Promise<{ tally: Tally; mismatches: Mismatch[] }> {
  const exchange = new NaiveExchange();
  const tally = emptyTally();
  const mismatches: Mismatch[] = [];
  const { batches } = await openFlow(`${orderFlowFolder}${name}`);
  for await (const { file, steps } of batches) {
    for (const step of steps) {
      const outcome = exchange.apply(step.command);
      const book = bookDepthNeeded(step) > 0 ? exchange.book() : undefined;
      mismatches.push(...checkStep(file, step, { ...outcome, book }, tally));
    }
  }
  return { tally, mismatches: mismatches.slice(0, 5) };
}

await describeWith('orderflow', 'recorded order flow', () => {
  it('Recorded order flow of a day in Shanghai is read line for line', async () => {
    expect(await read('sse600519_20230207.txt.gz')).toEqual({
      symbol: '600519',
      counts: { scenario: 1, phase: 3, post: 44_278, withdraw: 14_152, deal: 18_685, book: 4_731, uncross: 2 },
    });
  });

  it('Recorded order flow of an opening auction in Chicago begins in call phase, with seven intentions at market', async () => {
    const name = 'esh4_20231225_opening.txt.gz';
    expect(await read(name)).toEqual({ symbol: 'ESH4', counts: { scenario: 1, post: 8_869, uncross: 1, fill: 28 } });
    const steps = await stepsIn((await openFlow(`${orderFlowFolder}${name}`)).batches);
    expect(steps[0]?.command).toMatchObject({ initialPhase: 'call' });
    expect(steps.at(-1)?.command).toMatchObject({ marketIntentions: { size: 7 } });
  });

  it('Recorded order flow of edge cases is read scenario by scenario, all continuous', async () => {
    const { counts } = await read('flash1_edge_cases.txt');
    expect(counts).toMatchObject({
      scenario: 33,
      post: 118,
      withdraw: 17,
      replace: 8,
      deal: 62,
      top: 143,
      rejected: 7,
    });
    const steps = await stepsIn((await openFlow(`${orderFlowFolder}flash1_edge_cases.txt`)).batches);
    const phases = steps.flatMap(({ command }) => (command.kind === 'scenario' ? [command.initialPhase] : []));
    expect(new Set(phases)).toEqual(new Set(['continuous']));
  });

  it('Recorded order flow expects what the plainest exchange does, in all three files', async () => {
    const day = await play('sse600519_20230207.txt.gz');
    expect(day.mismatches).toEqual([]);
    expect(day.tally.kinds).toMatchObject({
      accepted: { held: 58_435, failed: 0 },
      deal: { held: 18_685, failed: 0 },
      noDeal: { held: 58_435, failed: 0 },
      uncross: { held: 2, failed: 0 },
      book: { held: 4_731, failed: 0 },
    });
    const opening = await play('esh4_20231225_opening.txt.gz');
    expect(opening.mismatches).toEqual([]);
    expect(opening.tally.kinds).toMatchObject({ fill: { held: 28, failed: 0 }, uncross: { held: 1, failed: 0 } });
    const edges = await play('flash1_edge_cases.txt');
    expect(edges.mismatches).toEqual([]);
    expect(edges.tally.kinds).toMatchObject({ rejected: { held: 7 }, deal: { held: 62 }, top: { held: 143 } });
  });
});
