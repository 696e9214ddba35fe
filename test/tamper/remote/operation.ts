/**
 * What is done to a log in Kafka or EventStoreDB, and what must come of it. Such a log cannot be looked at by code as small as that
 * for a folder, so that each operation says itself what is to be expected.
 *
 * | expects     | what may come of it                                                                   |
 * | ----------- | ------------------------------------------------------------------------------------- |
 * | as before   | all is answered as before, and the audit finds nothing                                |
 * | either      | all is answered as before, or a refusal, at the latest until what was done is undone   |
 * | held        | a refusal, and an audit that says that nobody can tell the end, until it is undone      |
 * | a refusal   | a refusal with a reason, and an audit that sees it                                     |
 * | hidden      | a refusal; an audit that does not see it, for only the server's own folder shows it     |
 * | anything    | nothing is left that could show it                                                    |
 */
import type { Facts, Harm } from '../judge.js';

export type Expectation = 'as before' | 'either' | 'held' | 'a refusal' | 'hidden' | 'anything';

export interface Done {
  /** What exactly was done, for people. */
  readonly did: string;
  /** Undoes what lasts. All must be as before after it. */
  readonly undo?: () => Promise<void>;
}

export interface RemoteOperation<Ground> {
  readonly name: string;
  readonly expects: Expectation;
  /** `before`: before the last posts, which may be refused. `down`: once the server has ended. `running`: under it, while it is posted to. */
  readonly when: 'before' | 'down' | 'running';
  /** A running server must notice it, and stop with a reason, while it is posted to. */
  readonly isNoticed?: true;
  /** Asks a server that is up, after it, for more than what was acknowledged. Returns what is wrong. */
  readonly afterwards?: (ground: Ground, url: string) => Promise<string[]>;
  readonly apply: (ground: Ground) => Promise<Done>;
}

/** What the judge goes by. */
export function factsBy(expects: Expectation, did: string): { readonly harm: Harm; readonly facts: Facts } {
  const whole = { lost: [], shows: [], anchorShows: [], isThere: true };
  switch (expects) {
    case 'as before':
      return { harm: 'harmless', facts: whole };
    case 'either':
      return { harm: 'beside', facts: whole };
    case 'held':
      return { harm: 'beside', facts: { ...whole, isHeld: true } };
    case 'a refusal':
      return { harm: 'log', facts: { ...whole, lost: [did], shows: [did], anchorShows: [did] } };
    case 'hidden':
      return {
        harm: 'log',
        facts: { ...whole, lost: [did], shows: [did], auditShows: [], anchorShows: [did], isThere: false },
      };
    case 'anything':
      return { harm: 'log', facts: { ...whole, lost: [did], anchorShows: [did], isThere: false } };
  }
}
