/**
 * A position as people see and type it: `120`, and `1/120` for shard 1 where there are several shards. Digits are not grouped, so that it can
 * be given to an option as it is shown.
 */
export function positionText(position: number, shard: number | undefined): string {
  return shard === undefined ? String(position) : `${shard}/${position}`;
}
