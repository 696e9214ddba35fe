import { describe, expect, it } from 'vitest';
import type { ChartJson } from '../../../../projections/handshake/chart-json.js';
import { barText } from '../../../../src/web/parts/standing.js';
import { reservedTrack, type TrackSide } from '../../../../src/web/deal/reserved-track.js';
import { crashedDeal, dealSubject, jsonOf, longLife, plainDeal } from '../charts.js';

function textOf(side: TrackSide | undefined): string {
  return side === undefined ? '' : barText(side.parts).replaceAll('\u00a0', ' ');
}

/** The rows at which a side comes to stand otherwise, by their position. */
function changesOf(chart: ChartJson, name: 'left' | 'right'): unknown[] {
  return reservedTrack(chart).flatMap((row, index) =>
    row[name]?.isChanged === true ? [[chart.rows[index]?.position, row[name].intention, textOf(row[name])]] : [],
  );
}

describe('the track of what is reserved', () => {
  it('The track of what is reserved follows both sides of a handshake, row by row', async () => {
    const chart = await jsonOf(plainDeal(), dealSubject(1));
    expect(reservedTrack(chart)).toHaveLength(chart.rows.length);
    expect(changesOf(chart, 'left')).toEqual([
      [4, '1', '100 open'],
      [6, '1', '60 reserved · 40 open'],
      [9, '1', '60 filled · 40 open'],
    ]);
    expect(changesOf(chart, 'right')).toEqual([
      [5, '2', '60 open'],
      [7, '2', '60 reserved'],
      [10, '2', '60 filled'],
    ]);
    expect(reservedTrack(chart)[0]?.right).toBeUndefined();
  });

  it('The track of what is reserved is not moved by what is said again, or too late', async () => {
    const chart = await jsonOf(crashedDeal(), dealSubject(1));
    expect(changesOf(chart, 'left')).toHaveLength(3);
    expect(changesOf(chart, 'right')).toHaveLength(3);
  });

  it('The track of what is reserved turns to the counterparty of the deal that goes on', async () => {
    const chart = await jsonOf(longLife(), { intentionId: 1 });
    expect(changesOf(chart, 'right')).toEqual([
      [6, '2', '60 open'],
      [7, '2', '60 reserved'],
      [10, '2', '60 filled'],
      [12, '3', '5 open'],
      [28, '6', '20 open'],
      [29, '6', '20 reserved'],
      [32, '6', '20 filled'],
    ]);
    expect(textOf(reservedTrack(chart).at(-1)?.left)).toBe('80 filled');
  });

  it('The track of what is reserved never shows more than the whole', async () => {
    for (const chart of [await jsonOf(longLife(), { intentionId: 1 }), await jsonOf(longLife(), dealSubject(1, 2))]) {
      for (const side of reservedTrack(chart).flatMap(({ left, right }) => [left, right])) {
        const length = (side?.parts ?? []).reduce((sum, { share }) => sum + share, 0);
        expect(length).toBeLessThanOrEqual(1);
      }
    }
  });
});
