/** What verbs that change something on the running exchange share. */
import { randomUUID } from 'node:crypto';
import { Option } from 'commander';
import {
  type CallOptions,
  type ChangeOptions as ClientChangeOptions,
  type IntentionChanged,
  ParleyError,
  type ParleyClient,
} from '../../../client/index.js';
import { connect } from '../../options/connection.js';
import { formatOf, type OutputOptions, type ServerOptions } from '../../options/options.js';
import { parseClientId, parseInstant } from '../../options/values.js';
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

export interface CommandOptions extends ChangeOptions {
  readonly validUntil?: string;
}

export interface TermsOptions extends CommandOptions {
  readonly clientCommandId?: string;
}

/** Of a command that is to come too late rather than be done late. */
export function validUntilOption(): Option {
  const says = 'taken later than this, it is refused as TOO_LATE and nothing is done, as 2030-01-31T12:00:00Z';
  return new Option('--valid-until <time>', says).argParser(parseInstant);
}

/** A verb that gives an intention other terms. */
export function termsVerb(name: string): Verb {
  const verb = changingVerb(name);
  verb.addOption(validUntilOption());
  verb.option('--client-command-id <id>', 'your own id for the change; made up unless given', parseClientId);
  return verb;
}

/** Gives an intention other terms, once however often it is done under the same id, and prints the answer. */
export function changeTerms(
  terminal: Terminal,
  { clientCommandId = randomUUID(), validUntil, ...options }: TermsOptions,
  act: (client: ParleyClient, call: ClientChangeOptions) => Promise<IntentionChanged>,
): Promise<void> {
  return change(terminal, options, (client, call) => act(client, { ...call, clientCommandId, validUntil }), {
    unknown: `whether it was done is unknown; --client-command-id ${clientCommandId} makes it safe to do it again`,
  });
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
