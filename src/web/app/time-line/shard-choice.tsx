import type { JSX } from 'preact';
import { isOfFile } from '../address.js';
import { headMoment, shards } from '../exchange.js';
import { place, shard, source, stand, standing } from '../moment.js';

/** Whose log the time line is of, where there are several. */
export function ShardChoice(): JSX.Element | null {
  if (isOfFile.value || shards.value.length < 2) return null;
  return (
    <select
      aria-label="Shard whose log the time line is of"
      value={shard.value ?? headMoment.value?.shard ?? shards.value[0]}
      onChange={({ currentTarget }) => choose(Number(currentTarget.value))}
    >
      {shards.value.map((each) => (
        <option key={each} value={each}>
          shard {each}
        </option>
      ))}
    </select>
  );
}

/** The page then stands at the same time, by the positions of that shard. */
function choose(chosen: number): void {
  const atTime = place.peek()?.at;
  if (standing.peek() === undefined) stand(undefined, chosen);
  else if (atTime === undefined) stand(0, chosen);
  else
    source
      .peek()
      .moment({ atTime, shard: chosen })
      .then(
        ({ position }) => stand(position, chosen),
        () => undefined, // it is away, which the page says
      );
}
