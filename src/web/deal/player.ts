/** A handshake is over in microseconds: it is replayed slowly, a row after another. */

/** How long each row is shown before the next one comes, at the speed of 1. */
const ROW_MS = 900;

export const SPEEDS = [0.5, 1, 2, 4] as const;

export type Speed = (typeof SPEEDS)[number];

export interface PlayerState {
  /** How many rows are shown, from the first. */
  readonly shown: number;
  readonly isPlaying: boolean;
  readonly speed: Speed;
}

export type PlayerAction = 'play' | 'pause' | 'first' | 'back' | 'forward' | 'last' | 'tick';

/** A chart begins whole: whoever wants to see how it came to be presses play. */
export function wholeChart(rows: number): PlayerState {
  return { shown: rows, isPlaying: false, speed: 1 };
}

export function rowMs({ speed }: PlayerState): number {
  return ROW_MS / speed;
}

/** What the player shows after an action, in a chart of so many rows. Stepping pauses; playing on from the end begins again. */
export function played(state: PlayerState, action: PlayerAction, rows: number): PlayerState {
  const { shown } = state;
  const still = { ...state, isPlaying: false };
  switch (action) {
    case 'play':
      return rows === 0 ? still : { ...state, isPlaying: true, shown: shown >= rows ? 1 : Math.max(1, shown) };
    case 'tick':
      return { ...state, shown: Math.min(rows, shown + 1), isPlaying: state.isPlaying && shown + 1 < rows };
    case 'pause':
      return still;
    case 'first':
      return { ...still, shown: Math.min(1, rows) };
    case 'back':
      return { ...still, shown: Math.max(Math.min(1, rows), shown - 1) };
    case 'forward':
      return { ...still, shown: Math.min(rows, shown + 1) };
    case 'last':
      return { ...still, shown: rows };
  }
}

/** What the player shows when the chart has got other rows: one that was whole stays whole. */
export function resized(state: PlayerState, before: number, rows: number): PlayerState {
  if (state.shown >= before && !state.isPlaying) return { ...state, shown: rows };
  return state.shown > rows ? { ...state, shown: rows } : state;
}
