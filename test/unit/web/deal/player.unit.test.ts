import { describe, expect, it } from 'vitest';
import {
  played,
  type PlayerAction,
  type PlayerState,
  resized,
  rowMs,
  wholeChart,
} from '../../../../src/web/deal/player.js';

function after(state: PlayerState, ...actions: readonly PlayerAction[]): readonly [number, boolean] {
  const { shown, isPlaying } = actions.reduce((now, action) => played(now, action, 5), state);
  return [shown, isPlaying];
}

const whole = wholeChart(5);

describe('the player of a chart', () => {
  it('The player of a chart begins with the whole chart, and plays from its first row', () => {
    expect(after(whole)).toEqual([5, false]);
    expect(after(whole, 'play')).toEqual([1, true]);
    expect(after(whole, 'play', 'tick', 'tick')).toEqual([3, true]);
  });

  it('The player of a chart stops at the last row', () => {
    expect(after(whole, 'play', 'tick', 'tick', 'tick')).toEqual([4, true]);
    expect(after(whole, 'play', 'tick', 'tick', 'tick', 'tick')).toEqual([5, false]);
  });

  it('The player of a chart pauses where it is, and plays on from there', () => {
    expect(after(whole, 'play', 'tick', 'pause')).toEqual([2, false]);
    expect(after(whole, 'play', 'tick', 'pause', 'play')).toEqual([2, true]);
  });

  it('The player of a chart steps within its rows, and does not play on by itself then', () => {
    expect(after(whole, 'forward')).toEqual([5, false]);
    expect(after(whole, 'back', 'back')).toEqual([3, false]);
    expect(after(whole, 'first', 'back')).toEqual([1, false]);
    expect(after(whole, 'play', 'forward')).toEqual([2, false]);
    expect(after(whole, 'play', 'last')).toEqual([5, false]);
  });

  it('The player of a chart without rows does nothing', () => {
    const empty = wholeChart(0);
    for (const action of ['play', 'first', 'back', 'forward', 'last', 'tick'] as const) {
      expect(played(empty, action, 0)).toEqual(empty);
    }
  });

  it('The player of a chart takes as long for a row as its speed says', () => {
    expect([0.5, 1, 2, 4].map((speed) => rowMs({ ...whole, speed: speed as PlayerState['speed'] }))).toEqual([
      1800, 900, 450, 225,
    ]);
  });

  it('The player of a chart that goes on stays whole, and stays where it was when it was not', () => {
    expect(resized(whole, 5, 8).shown).toBe(8);
    expect(resized(played(whole, 'back', 5), 5, 8).shown).toBe(4);
    expect(resized(played(whole, 'play', 5), 5, 8).shown).toBe(1);
    expect(resized(whole, 5, 3).shown).toBe(3);
  });
});
