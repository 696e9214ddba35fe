import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { pause } from '../../../src/resilience/pause.js';

let stop: AbortController;
let isOver: boolean;
beforeEach(() => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  stop = new AbortController();
  isOver = false;
});

const begin = (ms: number): Promise<void> => pause(ms, stop.signal).then(() => void (isOver = true));

describe('a pause', () => {
  it('A pause lasts as long as was asked', async () => {
    void begin(100);
    await vi.advanceTimersByTimeAsync(99);
    expect(isOver).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(isOver).toBe(true);
  });

  it('A pause ends at once when it is aborted, and leaves no timer behind', async () => {
    const pausing = begin(100);
    stop.abort();
    await pausing;
    expect(vi.getTimerCount()).toBe(0);
  });

  it('A pause does not begin where it was aborted before', async () => {
    stop.abort();
    await begin(100);
    expect(vi.getTimerCount()).toBe(0);
  });
});
