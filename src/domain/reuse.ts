/**
 * Records and messages are objects that are used again. Tests set `isSpoiled`: then each is filled with nonsense once its handler has
 * returned, so that whoever keeps one is found out.
 */
export const reuse = { isSpoiled: false };

/** Fills every field with what no field holds. */
export function spoil(record: object): void {
  const fields = record as Record<string, unknown>; // its fields are overwritten whatever they are
  for (const [name, value] of Object.entries(fields)) {
    fields[name] = typeof value === 'number' ? Number.NaN : typeof value === 'string' ? '\u0000spoiled' : value;
  }
}
