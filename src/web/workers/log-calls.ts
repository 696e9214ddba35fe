/** What the worker of logs does, by name. */
import type { Source } from '../source/source.js';
import type { Intake } from './log-file/intake.js';
import type { Audited, Replayed } from './log-file/proofs.js';

/** What the worker tells of the file that it has opened. */
export type SourceMethod = Exclude<keyof Source, 'kind'>;

/** Which log of a server to audit. */
export interface ServerLog {
  readonly url: string;
  readonly key: string | undefined;
  readonly shard: number | undefined;
  /** Up to where. */
  readonly head: number;
}

/** Signals do not travel: giving a call up is said by its number. */
export type LogCalls = {
  readonly [Name in SourceMethod]: {
    readonly args: Parameters<Source[Name]>;
    readonly value: Awaited<ReturnType<Source[Name]>>;
  };
} & {
  /** Reads a file, in place of the one before. Progress is in bytes. */
  readonly open: { readonly args: readonly [file: Blob]; readonly value: Intake };
  /** Progress is in events, of this one and those that follow. */
  readonly replay: { readonly args: Parameters<Source['doubts']>; readonly value: Replayed };
  readonly audit: { readonly args: readonly []; readonly value: Audited };
  /** Of a server, and not of the file. */
  readonly auditServer: { readonly args: readonly [log: ServerLog]; readonly value: Audited };
};
