/** What verbs that change something on the running exchange share. */
import { type CallOptions, type IntentionChanged, ParleyError, type ParleyClient } from '../../../client/index.js';
import { connect } from '../../options/connection.js';
import { formatOf, type OutputOptions, type ServerOptions } from '../../options/options.js';
import { fieldsOf, writeRecord } from '../../terminal/rows.js';
import { shownIntention } from '../../reports/shown-intention.js';
import { writeObject } from '../../terminal/table.js';
import type { Terminal } from '../../terminal/terminal.js';
import { Verb } from '../../options/verb.js';

export interface ChangeOptions extends ServerOptions, OutputOptions {}

/** A verb with the options for that. */
export function changingVerb(name: string): Verb {
  return new Verb(name).serverOptions().outputOptions('the answer as a JSON object');
}

interface Changing {
  /** Of the answer, as `fieldsOf` names them. */
  readonly fields?: readonly string[];
  /** Tells the user what it means that no answer came. */
  readonly unknown?: string;
}

/** Changes something, an intention unless said otherwise, and prints the answer. */
export async function change(
  terminal: Terminal,
  options: ChangeOptions,
  act: (client: ParleyClient, call: CallOptions) => Promise<object>,
  {
    fields = changedFields,
    unknown = 'whether it was done is unknown: look at the intention before you try again',
  }: Changing = {},
): Promise<void> {
  const { out, signal } = terminal;
  try {
    const answer = await act(connect(options), { signal });
    await writeRecord(out, formatOf(options), answer, {
      fields,
      write: () => writeObject(out, shownIntention(answer)),
    });
  } catch (error) {
    if (signal.aborted || (error instanceof ParleyError && error.isTransient)) terminal.note(unknown);
    throw error;
  }
}

const changedFields = fieldsOf<IntentionChanged>({
  ...{ id: true, status: true, open: true, filled: true, closedReason: true, position: true },
});
