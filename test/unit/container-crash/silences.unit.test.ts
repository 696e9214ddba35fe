import { beforeEach, describe, expect, it } from 'vitest';
import { Silences } from '../../container-crash/programs/silences.js';

let now = 0;
let silences: Silences;

function answersAt(shard: number, ...times: readonly number[]): void {
  for (const time of times) {
    now = time;
    silences.acknowledged(shard);
  }
}

beforeEach(() => {
  now = 0;
  silences = new Silences(() => now);
});

describe('how long shards were without an answer', () => {
  it('The longest silence after a fault counts, also one that begins with an answer before it', () => {
    answersAt(0, 100);
    now = 150;
    silences.begin('kill', [0]);
    answersAt(0, 900, 1_000, 1_200);
    expect(silences.lengthsMs()).toEqual([['kill', 800]]);
  });

  it('A silence is over when its shard has answered since all was mended, and not before', () => {
    silences.begin('mute', [0, 1]);
    answersAt(0, 100);
    answersAt(1, 100);
    expect(silences.areOver).toBe(false);
    silences.mended();
    answersAt(0, 300);
    expect(silences.areOver).toBe(false);
    answersAt(1, 400);
    expect(silences.areOver).toBe(true);
  });

  it('What a fault did not strike, and what comes after the next one, is not counted for it', () => {
    silences.begin('kill', [0]);
    answersAt(1, 100, 5_000);
    answersAt(0, 5_100, 5_200);
    silences.begin('mute', [1]);
    answersAt(0, 20_000);
    answersAt(1, 20_100);
    expect(silences.lengthsMs()).toEqual([
      ['kill', 100],
      ['mute', 15_100],
    ]);
  });
});
