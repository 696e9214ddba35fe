/** The part of JSON Schema that records are described in: flat ones, as they stand in small bodies, query strings and addresses. */
import type { ProblemCode } from '../problem.js';

export interface FieldSchema {
  readonly type: 'string' | 'integer' | 'boolean';
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  /** A range that is not taken, between `minimum` and `maximum`. The exchange checks it. */
  readonly not?: { readonly type: 'integer'; readonly minimum: number; readonly maximum: number };
  readonly default?: string | number | boolean;
  readonly examples?: readonly (string | number | boolean)[];
}

export interface RecordSchema {
  readonly type: 'object';
  readonly additionalProperties: false;
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, FieldSchema>>;
  readonly description?: string;
  /** Whole records, as they are sent. */
  readonly examples?: readonly Readonly<Record<string, string>>[];
  /** Which of the fields go together, where that can be said. The handler checks it. */
  readonly oneOf?: readonly FieldsTogether[];
}

/** These are needed, and what is `false` must be away. */
export interface FieldsTogether {
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, false>>;
}

/** Names in the path of an address, of things that there are or may come to be. */
export interface PathSchema extends RecordSchema {
  /** How a name that nothing can have is refused. */
  readonly misnamed: ProblemCode;
}
