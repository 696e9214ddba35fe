import { describe, expect, it } from 'vitest';
import { followDurable } from '../../../../src/app/threads/durable-feed.js';

/** Stands in for an exchange that commits when a test says so. */
class Commits {
  durable = 0;
  private readonly listeners = new Set<(durable: number) => void>();

  onDurable(listener: (durable: number) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  commit(durable: number): void {
    this.durable = durable;
    for (const listener of this.listeners) listener(durable);
  }
}

describe('the feed of how far the log is durable', () => {
  it('The feed of how far the log is durable tells of what was committed before it began, though nothing is committed after that', () => {
    const exchange = new Commits();
    exchange.commit(5);
    const told: number[] = [];
    followDurable(exchange, (durable) => told.push(durable));
    expect(told).toEqual([5]);
  });

  it('The feed of how far the log is durable tells of each commit until it is ended', () => {
    const exchange = new Commits();
    const told: number[] = [];
    const end = followDurable(exchange, (durable) => told.push(durable));
    exchange.commit(7);
    end();
    exchange.commit(9);
    expect(told).toEqual([0, 7]);
  });
});
