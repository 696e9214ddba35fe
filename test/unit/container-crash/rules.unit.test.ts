import { describe, expect, it } from 'vitest';
import { byChance, delayCommand, TO_QUEUE } from '../../container-crash/scene/rules.js';

describe('what is done to packets', () => {
  it('A share of packets is named to iptables as a probability', () => {
    expect(byChance(5)).toBe('-m statistic --mode random --probability 0.05');
    expect(byChance(30)).toBe('-m statistic --mode random --probability 0.30');
  });

  it('Packets are delayed out of the very queue that iptables puts them into', () => {
    const [, queue] = /--queue-num (\d+)/.exec(TO_QUEUE) ?? [];
    expect(delayCommand({ leastMs: 5, mostMs: 80, seed: 7 })).toBe(`exec delay-packets ${queue} 5 80 7`);
  });
});
