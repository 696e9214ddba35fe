import type { ChartJson, ChartRowJson } from '../../../projections/handshake/chart-json.js';
import { barOf, type BarPart, decimalsIn, isSame, type Standing, standingAfter, totalOf } from '../parts/standing.js';

/** How one side of a chart stands after a row. */
export interface TrackSide {
  /** The intention’s id. */
  readonly intention: string;
  readonly parts: readonly BarPart[];
  /** Whether it stood otherwise before this row, or was not known. */
  readonly isChanged: boolean;
}

/** After a row: undefined for a side of which nothing is known yet. */
export interface TrackRow {
  readonly left: TrackSide | undefined;
  readonly right: TrackSide | undefined;
}

interface Stand {
  readonly intention: string;
  readonly standing: Standing;
}

/**
 * What each of the two sides has open, reserved and filled after each row of the chart. In a deal's chart that is by this deal alone: what
 * other deals meanwhile reserve is not in it. In an intention’s chart, the right side is the counterparty of the deal that goes on.
 */
export function reservedTrack(chart: ChartJson): readonly TrackRow[] {
  const stands = standsOf(chart);
  const decimals = decimalsIn(chart.rows);
  const wholes = new Map<string, bigint>();
  for (const stand of stands.flatMap(({ left, right }) => [left, right])) {
    if (stand === undefined) continue;
    const total = totalOf(stand.standing);
    if (total > (wholes.get(stand.intention) ?? 0n)) wholes.set(stand.intention, total);
  }
  const side = (now: Stand | undefined, before: Stand | undefined): TrackSide | undefined => {
    if (now === undefined) return undefined;
    const { intention, standing } = now;
    const isChanged = before?.intention !== intention || !isSame(before.standing, standing);
    return { intention, parts: barOf(standing, wholes.get(intention) ?? 0n, decimals), isChanged };
  };
  return stands.map(({ left, right }, index) => ({
    left: side(left, stands[index - 1]?.left),
    right: side(right, stands[index - 1]?.right),
  }));
}

/** Both sides after each row. */
function standsOf(
  chart: ChartJson,
): readonly { readonly left: Stand | undefined; readonly right: Stand | undefined }[] {
  const standings = new Map<string, Standing>();
  let right = chart.counterparty;
  const stand = (intention: string | undefined): Stand | undefined => {
    const standing = intention === undefined ? undefined : standings.get(intention);
    return intention === undefined || standing === undefined ? undefined : { intention, standing };
  };
  return chart.rows.map((row) => {
    if (row.kind === 'deal') {
      right = row.counterparty;
      if (right !== undefined && !standings.has(right)) standings.set(right, met(row));
    } else if (row.kind === 'event' && row.at !== undefined && row.at !== 'ledger') {
      standings.set(row.at, standingAfter(standings.get(row.at), row));
    }
    return { left: stand(chart.intention), right: stand(right) };
  });
}

/** A counterparty as it came into the chart: all that it has left is open. */
function met({ quantity }: ChartRowJson): Standing {
  const posted: ChartRowJson = { position: 0, kind: 'event', text: '', type: 'IntentionPosted' };
  return standingAfter(undefined, quantity === undefined ? posted : { ...posted, quantity });
}
