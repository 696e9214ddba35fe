import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FlowPhase } from '../../../../src/flow/script/flow-line.js';
import { parseFlowLine } from '../../../../src/flow/script/grammar.js';
import { LOOK_AHEAD_LINES, MAX_EXPECTATIONS, ScriptBuilder } from '../../../../src/flow/script/script-builder.js';
import { readScript } from '../../../../src/flow/script/script.js';
import type { FlowStep } from '../../../../src/flow/step.js';
import { chunksOf, failureOf, flowErrorOf, stepsIn, stepsOf } from '../reading.js';

/** A step in short: its line, command, and the lines of its expectations. */
function brief(step: FlowStep): [number, string, ...number[]] {
  return [step.lineNumber, step.command.kind, ...step.expectations.map(({ lineNumber }) => lineNumber)];
}

function initialPhases(steps: readonly FlowStep[]): FlowPhase[] {
  return steps.flatMap(({ command }) => (command.kind === 'scenario' ? [command.initialPhase] : []));
}

describe('a script', () => {
  it('A script is a list of commands, each with the expectations up to the next', async () => {
    const steps = await stepsOf(
      '# made up',
      'scenario one',
      'post 1 S 50 5',
      'top 0 0 50 5',
      '',
      'post 2 B 50 9',
      '# its deal',
      'deal 2 1 50 5',
      'top 50 4 0 0',
      'withdraw 1',
      'rejected',
      'withdraw 2',
    );
    expect(steps.map(brief)).toEqual([
      [2, 'scenario'],
      [3, 'post', 4],
      [6, 'post', 8, 9],
      [10, 'withdraw', 11],
      [12, 'withdraw'],
    ]);
    expect(steps[2]?.expectations[0]?.expected).toEqual({
      kind: 'deal',
      taker: '2',
      maker: '1',
      price: 50,
      quantity: 5,
    });
    expect(steps.every(({ dealsStated, mayBeUnknown }) => dealsStated && !mayBeUnknown)).toBe(true);
  });

  it('A script begins with a scenario that no line announces, where none does', async () => {
    const steps = await stepsOf('# made up', 'top 0 0 0 0', 'post 1 S 50 5', 'scenario next', 'book b a');
    expect(steps.map(brief)).toEqual([
      [1, 'scenario', 2],
      [3, 'post'],
      [4, 'scenario', 5],
    ]);
    expect(steps[0]?.command).toEqual({ kind: 'scenario', name: undefined, initialPhase: 'continuous' });
    expect(steps[2]?.command).toEqual({ kind: 'scenario', name: 'next', initialPhase: 'continuous' });
  });

  it('A script is the same however it is cut into chunks', async () => {
    const text =
      'post 1 S 50 5\ntop 0 0 50 5\npost 2 B 50 5\ndeal 2 1 50 5\ntop 0 0 0 0\nscenario x\nuncross 0 0\nfill 1 5 5\n';
    const whole = await stepsIn(readScript(chunksOf(text)));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(text.length), { maxLength: 6 }), async (at) => {
        const ends = [...at, text.length].sort((a, b) => a - b);
        const pieces = ends.map((end, index) => text.slice(ends[index - 1] ?? 0, end));
        expect(await stepsIn(readScript(chunksOf(...pieces)))).toEqual(whole);
      }),
    );
  });

  it('A script is given out as it is read, and tells how far', async () => {
    const bytes: number[] = [];
    let stepCount = 0;
    for await (const batch of readScript(chunksOf('phase continuous\n', 'post 1 B 5 5\n'.repeat(3), 'withdraw 1'))) {
      bytes.push(batch.bytesRead);
      stepCount += batch.steps.length;
    }
    expect(bytes).toEqual([17, 56, 66, 66]);
    expect(stepCount).toBe(6);
  });

  it('A script is refused without any command', async () => {
    const error = await flowErrorOf(() => stepsOf('# nothing', '', '# but comments'));
    expect(error).toMatchObject({ code: 'FLOW_EMPTY', message: 'made-up.txt: holds no command' });
  });

  it('A script is refused for an expectation where it can expect nothing', async () => {
    expect(await failureOf(() => stepsOf('deal 2 1 50 5'))).toEqual(['FLOW_MISPLACED_LINE', 1]);
    expect(await failureOf(() => stepsOf('scenario x', 'rejected'))).toEqual(['FLOW_MISPLACED_LINE', 2]);
    const error = await flowErrorOf(() => stepsOf('post 1 B 5 5', '', 'fill 1 5 5'));
    expect(error?.message).toBe('made-up.txt:3: `fill` cannot follow `post`');
  });

  it('A script is refused for a malformed line, with its number', async () => {
    expect(await failureOf(() => stepsOf('# one', 'post 1 B 5 5', 'pots 2 B 5 5'))).toEqual(['FLOW_MALFORMED_LINE', 3]);
  });
});

describe('an instrument line', () => {
  it('An `instrument` line right after `scenario` is part of its start, in its own line', async () => {
    const steps = await stepsOf(
      'scenario x',
      '# terms',
      'instrument tick 5',
      'top 0 0 0 0',
      'instrument max 9',
      'rejected',
    );
    expect(steps.map(brief)).toEqual([
      [3, 'scenario', 4],
      [5, 'instrument', 6],
    ]);
    expect(steps[0]?.command).toMatchObject({ name: 'x', terms: { tick: 5 }, initialPhase: 'continuous' });
  });

  it('An `instrument` line at the beginning of a file is part of the scenario that no line announces', async () => {
    const steps = await stepsOf('instrument tick 5', 'post 1 B 5 5', 'instrument max 9', 'uncross 0 0');
    expect(steps.map(({ command }) => command.kind)).toEqual(['scenario', 'post', 'instrument', 'uncross']);
    expect(steps[0]?.command).toMatchObject({ name: undefined, terms: { tick: 5 }, initialPhase: 'call' });
  });

  it('An `instrument` line after an expectation or another `instrument` line is a command of its own', async () => {
    expect((await stepsOf('scenario x', 'book b a', 'instrument tick 5')).map(brief)).toEqual([
      [1, 'scenario', 2],
      [3, 'instrument'],
    ]);
    expect((await stepsOf('instrument tick 5', 'instrument max 9')).map(brief)).toEqual([
      [1, 'scenario'],
      [2, 'instrument'],
    ]);
  });
});

describe('where an expectation may stand', () => {
  it.each([
    ['rejected', ['scenario x']],
    ['expired 1', ['scenario x']],
    ['withdrawn 1 requested', ['scenario x']],
    ['deal 1 2 5 5', ['at 09:30']],
    ['withdrawn 1 requested', ['at 09:30']],
    ['rejected', ['at 09:30']],
    ['fill 1 5 5', ['phase call']],
    ['deal 1 2 5 5', ['instrument tick 5']],
  ])('An expectation is refused where it can expect nothing: %s after %j', async (expectation, lines) => {
    expect(await failureOf(() => stepsOf(...lines, expectation))).toEqual(['FLOW_MISPLACED_LINE', lines.length + 1]);
  });

  it.each([
    ['rejected', ['scenario x', 'instrument tick 5']],
    ['expired 1', ['at 09:30']],
    ['top 0 0 0 0', ['at 09:30']],
    ['expired 1', ['uncross 0 0']],
    ['withdrawn 1 marketRemainder', ['phase continuous']],
  ])('An expectation is taken where something can be expected: %s after %j', async (expectation, lines) => {
    expect((await stepsOf(...lines, expectation)).at(-1)?.expectations).toHaveLength(1);
  });
});

describe('the initial phase', () => {
  it.each<[FlowPhase, string, string[]]>([
    ['call', 'an uncross comes before any phase', ['post 1 B 5 5', 'top 5 5 0 0', 'uncross 0 0', 'phase continuous']],
    ['call', 'the first command is an uncross', ['uncross 0 0', 'fill 1 5 5', 'deal 1 2 5 5']],
    ['continuous', 'a deal comes first', ['post 1 B 5 5', 'post 2 S 5 5', 'deal 2 1 5 5', 'uncross 0 0']],
    ['continuous', 'a phase comes first', ['post 1 B 5 5', 'phase call', 'uncross 0 0']],
    ['continuous', 'nothing decides', ['post 1 B 5 5', 'withdraw 1']],
  ])('The initial phase is %s where %s', async (phase, _, lines) => {
    const steps = await stepsOf(...lines);
    expect(initialPhases(steps)).toEqual([phase]);
    const lineNumbers = steps.map(({ lineNumber }) => lineNumber);
    expect(lineNumbers).toEqual(lineNumbers.toSorted((one, other) => one - other));
  });

  it('The initial phase is found for each scenario by itself', async () => {
    const steps = await stepsOf(
      'post 1 B 5 5',
      'scenario a',
      'post 1 B 5 5',
      'uncross 0 0',
      'scenario b',
      'withdraw 1',
    );
    expect(initialPhases(steps)).toEqual(['continuous', 'call', 'continuous']);
  });

  it('The initial phase is continuous where too many lines leave it open, and a later uncross says what is wrong', () => {
    const builder = new ScriptBuilder('long.txt');
    const post = parseFlowLine('post 1 B 5 5', { file: 'long.txt', line: 1 });
    for (let line = 1; line < LOOK_AHEAD_LINES; line += 1) builder.add(post, line);
    expect(builder.take()).toHaveLength(0);
    builder.add(post, LOOK_AHEAD_LINES);
    expect(builder.take().length).toBeGreaterThanOrEqual(LOOK_AHEAD_LINES);
    const uncross = parseFlowLine('uncross 5 5', { file: 'long.txt', line: 1 });
    expect(() => builder.add(uncross, 300_000)).toThrow(/^long\.txt:300000: say `phase call` at the start/);
    builder.add(parseFlowLine('phase call', { file: 'long.txt', line: 1 }), 300_001);
    expect(() => builder.add(uncross, 300_002)).not.toThrow();
  });
});

describe('what is kept in mind', () => {
  it('What a script keeps in mind is bounded for the expectations of one command', () => {
    const builder = new ScriptBuilder('deals.txt');
    builder.add({ kind: 'post', id: '1', side: 'buy', price: 5, quantity: 5 }, 1);
    const deal = parseFlowLine('deal 1 2 5 5', { file: 'deals.txt', line: 1 });
    for (let line = 2; line < MAX_EXPECTATIONS + 2; line += 1) builder.add(deal, line);
    expect(() => builder.add(deal, 9)).toThrow(/^deals\.txt:9: more than 250000 expectations/);
  });

  it('What a script keeps in mind of the intentions at market is what the auction may fill unnamed', async () => {
    const steps = await stepsOf(
      'phase call',
      'post 1 B market 5',
      'post 2 S market 5',
      'post 3 S market 5',
      'replace 3 7 5',
      'uncross 0 0',
      'phase continuous',
      'post 4 B market 5',
      'phase call',
      'post 5 B market 5',
      'uncross 0 0',
    );
    const sets = steps.flatMap(({ command }) => (command.kind === 'uncross' ? [[...command.marketIntentions]] : []));
    expect(sets).toEqual([['1', '2'], ['5']]);
  });
});
