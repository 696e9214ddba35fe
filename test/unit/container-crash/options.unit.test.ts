import { describe, expect, it } from 'vitest';
import { faultKinds } from '../../container-crash/faults/kinds.js';
import { kindsOf, readOptions, usage } from '../../container-crash/options.js';
import { plantNames, plants } from '../../container-crash/plants.js';

describe('the options of crash:containers', () => {
  it('Kinds of fault and plants that are named are those that are played', () => {
    const { only, plant } = readOptions(['--only', 'halves,clock', '--plant', 'fence']);
    expect(only).toEqual(['halves', 'clock']);
    expect(plant).toBe(plants.fence);
  });

  it('A plant in containers is played under the faults that show it, unless others are asked for', () => {
    expect(kindsOf(readOptions(['--plant', 'fence']))).toEqual(plants.fence.kinds);
    expect(kindsOf(readOptions(['--plant', 'fence', '--only', 'loss']))).toEqual(['loss']);
    expect(kindsOf(readOptions([]))).toEqual(faultKinds);
  });

  it('The clients of a history ask a cluster in containers where they are asked for, and nobody who does not exist', () => {
    expect(readOptions([]).clients).toBe('crash');
    expect(readOptions(['--clients', 'history']).clients).toBe('history');
    expect(() => readOptions(['--clients', 'bots'])).toThrow('--clients takes of crash, history; not bots');
  });

  it('Kinds of fault and plants that there are not are refused, with those that there are', () => {
    expect(() => readOptions(['--only', 'halves,flood'])).toThrow(/--only takes of cut-brokers, .*; not flood/);
    expect(() => readOptions(['--plant', 'leak'])).toThrow(
      '--plant takes of fence, early-answer, early-offsets; not leak',
    );
  });

  it('The usage tells of every kind of fault and of every plant in containers', () => {
    for (const name of [...faultKinds, ...plantNames]) expect(usage).toContain(`    ${name} `);
  });
});
