/** What a stream's metadata hides of it, as the server does it. Nothing is removed before a scavenge. */

/** What `$tb` says of a stream that was deleted, and the revision of what stands at the end of one that is gone for good. */
export const NO_MORE = 9_223_372_036_854_775_807n;

export const METADATA = '$$';

/** A record of a metadata stream: JSON, or what is none. */
interface Said {
  readonly data: Uint8Array;
}

export interface Limits {
  readonly truncateBefore: number;
  readonly maxCount: number;
  readonly maxAgeMs: number;
  readonly isDeleted: boolean;
}

/** What the last record of a metadata stream says; a server ignores what it cannot read. */
export function limitsOf(record: Said | undefined): Limits {
  const said = record === undefined ? {} : parsed(record);
  const truncateBefore = numberOf(said.$tb) ?? 0;
  return {
    truncateBefore,
    maxCount: numberOf(said.$maxCount) ?? Infinity,
    maxAgeMs: 1_000 * (numberOf(said.$maxAge) ?? Infinity),
    isDeleted: truncateBefore >= Number(NO_MORE),
  };
}

/** The metadata with another `$tb`, as JSON: its largest is no number of JavaScript. */
export function truncatedBefore(record: Said | undefined, revision: bigint): string {
  const { $tb: _old, ...rest } = record === undefined ? {} : parsed(record);
  const others = Object.entries(rest).map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)},`);
  return `{${others.join('')}"$tb":${revision}}`;
}

function parsed({ data }: Said): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(data).toString('utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
