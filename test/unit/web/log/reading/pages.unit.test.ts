import { describe, expect, it } from 'vitest';
import { type Judge, LogWindow } from '../../../../../src/web/log/reading/log-window.js';
import { readEarlier, readLater, type Reading } from '../../../../../src/web/log/reading/pages.js';
import { logOf, sourceOfLog } from '../events.js';

const log = logOf(50_000);

function reading(judge: Judge): Reading & { readonly asked: readonly { from: number }[] } {
  const source = sourceOfLog(log);
  const signal = new AbortController().signal;
  return { source, asked: source.asked, shard: undefined, types: undefined, judge, onPage: () => undefined, signal };
}

describe('reading the log page by page', () => {
  it('Reading the log backwards ends once there are enough rows', async () => {
    const window = new LogWindow(50_000);
    const way = reading(() => 'yes');
    expect(await readEarlier(window, way)).toEqual({ rows: 1_000, isGivenUp: false });
    expect([window.from, window.to]).toEqual([49_000, 50_000]);
    expect(way.asked).toHaveLength(1);
  });

  it('Reading the log backwards ends at the beginning of the log', async () => {
    const window = new LogWindow(40);
    expect(
      await readEarlier(
        window,
        reading(() => 'yes'),
      ),
    ).toEqual({ rows: 40, isGivenUp: false });
    expect(window.from).toBe(0);
  });

  it('Reading the log gives up where the filter leaves nearly all out, and goes on from there when asked again', async () => {
    const window = new LogWindow(50_000);
    const way = reading(({ position }) => (position === 12_000 ? 'yes' : 'no'));
    expect(await readEarlier(window, way)).toEqual({ rows: 0, isGivenUp: true });
    expect(window.from).toBe(20_000);
    expect(await readEarlier(window, way)).toEqual({ rows: 1, isGivenUp: false });
    expect(window.from).toBe(0);
  });

  it('Reading the log forwards stops before the end that it is given', async () => {
    const window = new LogWindow(100);
    const read = await readLater(
      window,
      120,
      reading(() => 'yes'),
    );
    expect(read).toEqual({ rows: 20, isGivenUp: false });
    expect(window.rows.at(-1)?.event.position).toBe(119);
    expect(window.to).toBe(120);
  });

  it('Reading the log forwards ends where the source has no more, though more was expected', async () => {
    const window = new LogWindow(49_990);
    await readLater(
      window,
      60_000,
      reading(() => 'yes'),
    );
    expect(window.to).toBe(50_000);
  });
});
