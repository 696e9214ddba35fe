/** Commands as a WebSocket, a stream of lines and a topic take them: one shape for all. */
import type { IntentionAcknowledged, IntentionChanged, PostIntention, Side } from '../types.js';
import type { Switch } from '../own/own-types.js';

/** Which intention: by its id, or by the participant’s own id for it. */
type Named = ({ readonly id: string } | { readonly clientIntentionId: string }) & Common;

interface Common {
  /** Whose. A key’s own unless an operator says otherwise. */
  readonly participant?: string | undefined;
  /** RFC 3339: taken later than this, it is refused, and nothing is done. */
  readonly validUntil?: string | undefined;
}

export type Command =
  | (PostIntention & { readonly command?: 'post' })
  | ({ readonly command: 'withdraw' } & Named)
  | ({ readonly command: 'reduce'; readonly by: string; readonly clientCommandId?: string } & Named)
  | ({
      readonly command: 'replace';
      /** One of them at least. */
      readonly price?: string;
      readonly quantity?: string;
      readonly clientCommandId?: string;
    } & Named)
  | ({
      readonly command: 'withdrawAll';
      readonly instrument?: string;
      readonly side?: Side;
      readonly all?: true;
    } & Common)
  | ({ readonly command: 'switch'; readonly withinMs: number } & Pick<Common, 'participant'>);

/** What withdrawing many came to. */
export interface Withdrawn {
  readonly withdrawn: number;
  /** The first 1,000 of them. */
  readonly intentions: readonly { readonly id: string; readonly clientIntentionId: string; readonly filled: string }[];
  readonly leftOut: number;
  readonly position?: number;
  readonly positionByShard?: Readonly<Record<string, number>>;
}

/** What a command is answered with. */
export type CommandAnswer<Sent extends Command> = Sent extends { readonly command: infer Verb }
  ? Verb extends 'withdrawAll'
    ? Withdrawn
    : Verb extends 'switch'
      ? Switch
      : Verb extends 'withdraw' | 'reduce' | 'replace'
        ? IntentionChanged
        : IntentionAcknowledged
  : IntentionAcknowledged;

/** With an id of its own where a change has none: so it is done once, however often it is sent. */
export function repeatable<Sent extends Command>(command: Sent): Sent {
  const isChange = command.command === 'reduce' || command.command === 'replace';
  return isChange ? { clientCommandId: globalThis.crypto.randomUUID(), ...command } : command;
}
