import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { LateError, within } from '../../../src/resilience/within.js';

describe('what is asked within a time', () => {
  it('What is asked within a time is answered when the answer comes in time', async () => {
    expect(await within(Promise.resolve('it'), 1_000, 'asking')).toBe('it');
  });

  it('What is asked within a time fails with what took too long, and longer than what', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const late = expect(within(new Promise(() => undefined), 1_000, 'asking')).rejects;
    const told = late.toEqual(new LateError('asking took longer than 1000 ms'));
    await vi.advanceTimersByTimeAsync(1_000);
    await told;
  });
});
