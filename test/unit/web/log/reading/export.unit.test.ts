import { describe, expect, it } from 'vitest';
import type { Intention } from '../../../../../src/client/types.js';
import { exportAll, jsonOf, linesOf } from '../../../../../src/web/log/reading/export.js';
import { NameLookUps } from '../../../../../src/web/log/reading/name-look-ups.js';
import { everything, type LogFilter } from '../../../../../src/web/log/telling/filter.js';
import { LogNames } from '../../../../../src/web/log/telling/names.js';
import { expiry, logOf, sourceOfLog } from '../events.js';

const signal = new AbortController().signal;

/** Intentions up to `known` are of alice and bob by turns; of the others nobody knows. */
function exporting(count: number, known: number) {
  const source = {
    ...sourceOfLog(logOf(count)),
    instruments: () => Promise.resolve([]),
    intentions: ({ after = '0', limit = 100 }: { after?: string | undefined; limit?: number | undefined }) => {
      const first = Number(after) + 1;
      const ids = Array.from({ length: limit }, (_, index) => first + index).filter((id) => id <= known);
      const shown = ids.map((id) => ({
        id: String(id),
        participant: id % 2 === 0 ? 'bob' : 'alice',
        instrument: 'ACME',
      }));
      return Promise.resolve(shown as unknown as readonly Intention[]); // no more is looked at
    },
  };
  const names = new LogNames();
  const lookUps = new NameLookUps(source, names, { shard: undefined, signal });
  const progress: number[] = [];
  const run = (filter: LogFilter, until = count) =>
    exportAll({
      ...{ source, shard: undefined, until, filter, names, lookUps, signal },
      onProgress: (position) => progress.push(position),
    });
  return { run, progress };
}

describe('the export of the log', () => {
  it('The export of the log is a line of JSON for each event, without the channel by which it came', () => {
    const event = expiry(3);
    expect(jsonOf({ ...event, channel: 'events' })).toEqual(event);
    expect(linesOf([{ ...event, channel: 'events' }])).toBe(`${JSON.stringify(event)}\n`);
  });

  it('The export of the log holds every event before the end, page by page', async () => {
    const { run, progress } = exporting(12_000, 0);
    const { blob, events, unsure } = await run(everything, 11_000);
    const lines = (await blob.text()).trimEnd().split('\n');
    expect([events, unsure, lines.length]).toEqual([11_000, 0, 11_000]);
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual(expiry(10_999));
    expect(progress).toEqual([5_000, 10_000, 11_000]);
  });

  it('The export of the log looks names up before it decides, and leaves in what nobody knows', async () => {
    const { run } = exporting(1_000, 600);
    const { events, unsure } = await run({ ...everything, participant: 'alice' });
    expect({ events, unsure }).toEqual({ events: 300 + 400, unsure: 400 });
  });
});

describe('looking names up', () => {
  it('The look-up of names asks for many at once, and for none twice', async () => {
    const asked: string[] = [];
    const source = {
      ...sourceOfLog([]),
      instruments: () => Promise.resolve([]),
      intentions: ({ after = '' }: { after?: string | undefined }) => {
        asked.push(after);
        return Promise.resolve([]);
      },
    };
    const lookUps = new NameLookUps(source, new LogNames(), { shard: undefined, signal });
    for (const each of logOf(450)) lookUps.want(each);
    await lookUps.run();
    expect(asked).toEqual(['0', '200', '400']);
    for (const each of logOf(450)) lookUps.want(each);
    expect(lookUps.isDue).toBe(false);
  });
});
