/** What verbs that change something on the running exchange share. */
import { type CallOptions, ParleyError, type ParleyClient } from '../../client/index.js';
import { connect } from '../options/connection.js';
import { jsonOption, type JsonOptions, type ServerOptions } from '../options/options.js';
import { shownIntention } from '../reports/shown-intention.js';
import { writeObject } from '../terminal/table.js';
import type { Terminal } from '../terminal/terminal.js';
import { Verb } from '../options/verb.js';

export interface ChangeOptions extends ServerOptions, JsonOptions {}

/** A verb with the options for that. */
export function changingVerb(name: string): Verb {
  return new Verb(name).serverOptions().addOption(jsonOption('the answer as a JSON object'));
}

/** Changes something and prints the answer. Where none came, `unknown` tells the user what that means. */
export async function change(
  terminal: Terminal,
  options: ChangeOptions,
  act: (client: ParleyClient, call: CallOptions) => Promise<object>,
  unknown = 'whether it was done is unknown: look at the intention before you try again',
): Promise<void> {
  const { out, signal } = terminal;
  try {
    const answer = await act(connect(options), { signal });
    await writeObject(out, options.json === true ? answer : shownIntention(answer), options.json);
  } catch (error) {
    if (signal.aborted || (error instanceof ParleyError && error.isTransient)) terminal.note(unknown);
    throw error;
  }
}
