import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useKeys } from '../keys-help.js';
import { headMoment } from '../exchange.js';
import { place, shard, source, stand, standing } from '../moment.js';

type Unit = 'event' | 'batch' | 'deal';

const unit = signal<Unit>('deal');

/** The step that was taken last: the next one begins where it ends, however quickly they are asked for. */
let underWay: Promise<void> = Promise.resolve();

/** One step back or forth: an event, a batch of the log, or a deal. */
export function Steps({ end }: { readonly end: number }): JSX.Element {
  const step = (direction: -1 | 1, by: Unit): void => {
    underWay = underWay.then(() => stepped(direction, by, end)).catch(() => undefined); // it is away, which the page says
  };
  useKeys([
    { key: '[', says: 'one step back in time', act: () => step(-1, unit.value) },
    { key: ']', says: 'one step on', act: () => step(1, unit.value) },
    { key: ',', says: 'one event back', act: () => step(-1, 'event') },
    { key: '.', says: 'one event on', act: () => step(1, 'event') },
    { key: 'l', says: 'live', act: () => stand(undefined) },
  ]);
  return (
    <span class="steps" role="group" aria-label="Step">
      <button
        type="button"
        class="quiet icon"
        aria-label={`One ${unit.value} back`}
        onClick={() => step(-1, unit.value)}
      >
        ‹
      </button>
      <select
        aria-label="What a step is"
        value={unit.value}
        onChange={({ currentTarget }) => (unit.value = currentTarget.value as Unit)}
      >
        <option value="event">event</option>
        <option value="batch">batch</option>
        <option value="deal">deal</option>
      </select>
      <button type="button" class="quiet icon" aria-label={`One ${unit.value} on`} onClick={() => step(1, unit.value)}>
        ›
      </button>
    </span>
  );
}

/** From wherever the page stands; from live, the first step back is from the end. */
async function stepped(direction: -1 | 1, by: Unit, end: number): Promise<void> {
  const at = standing.peek();
  if (at === undefined && direction === 1) return;
  const from = at ?? end;
  if (by === 'event') {
    leap(from + direction, end);
    return;
  }
  const known = [place.peek(), headMoment.peek()].find((each) => each?.position === from);
  const beside = known ?? (await source.peek().moment({ at: from, shard: shard.peek() }));
  // Whoever has gone elsewhere meanwhile stays there.
  if (standing.peek() !== at) return;
  const { previousBatch, nextBatch, previousDeal, nextDeal } = beside;
  const [before, after] = by === 'batch' ? [previousBatch, nextBatch] : [previousDeal, nextDeal];
  const to = direction === -1 ? before : after;
  if (to !== undefined) leap(to, end);
  else if (direction === 1) stand(undefined);
}

function leap(to: number, end: number): void {
  if (to >= end) stand(undefined);
  else stand(Math.max(0, to));
}
