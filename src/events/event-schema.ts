/** How the events of the catalogue are described. */

/**
 * What a field holds:
 * - `integer`: 0 … 2^53−1, in as few bytes as it needs (see bytes.ts);
 * - `text`: UTF-8, its length in bytes before it;
 * - `flag`: one byte, 0 or 1;
 * - `digest`: 32 bytes, shown as 64 hexadecimal digits;
 * - a list of names: one byte, the index in that list.
 */
export type FieldKind = 'integer' | 'text' | 'flag' | 'digest' | readonly string[];

export type StreamKind = 'intention' | 'deal' | 'shard';

export interface EventSchema {
  readonly code: number;
  readonly type: string;
  readonly version: number;
  /** Which stream it stands in: `intention-<intentionId>`, `deal-<initiatorId>-<dealNumber>` or `shard-<shard>`. */
  readonly stream: StreamKind;
  /** What it says, for the documentation of the generated interfaces. */
  readonly says: string;
  readonly fields: Readonly<Record<string, FieldKind>>;
  /** Only in a version that is no longer written: the values of the fields that the current version has and this one lacks. */
  readonly upcast?: Readonly<Record<string, number | string | boolean>>;
}
