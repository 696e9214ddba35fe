export type Column = Float64Array | BigUint64Array | Uint32Array | Uint8Array;

/** All that a model holds: what is small as JSON can say it, and columns of numbers. */
export interface Dump {
  readonly header: Readonly<Record<string, unknown>>;
  readonly columns: Readonly<Record<string, Column>>;
}

/** What is read is no whole model of a format that is known. */
export class UnusableModelError extends Error {
  readonly code = 'UNUSABLE_MODEL';
}
