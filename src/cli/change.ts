import type { Command } from 'commander';
import type { IntentionChanged } from '../client/index.js';
import { type CallOptions, ParleyError, type ParleyClient } from '../client/index.js';
import { connect } from './connection.js';
import { jsonOption, type JsonOptions, keyOption, type ServerOptions, urlOption } from './options.js';
import { writeFields } from './terminal/table.js';
import type { Terminal } from './terminal/terminal.js';

export interface ChangeOptions extends ServerOptions, JsonOptions {}

/** The options of every verb that changes an intention. */
export function changeOptions(command: Command): Command {
  return command.addOption(urlOption()).addOption(keyOption()).addOption(jsonOption('the answer as a JSON object'));
}

/** Changes an intention and prints how it stands after that. */
export async function change(
  terminal: Terminal,
  options: ChangeOptions,
  act: (client: ParleyClient, call: CallOptions) => Promise<IntentionChanged>,
): Promise<void> {
  const { out, signal } = terminal;
  try {
    const answer = await act(connect(options), { signal });
    if (options.json === true) await out.json(answer);
    else
      await writeFields(
        out,
        Object.entries(answer).map(([name, value]) => [name, String(value)]),
      );
  } catch (error) {
    const isUnknown = signal.aborted || (error instanceof ParleyError && error.isTransient);
    if (isUnknown) terminal.note('whether it was done is unknown: look at the intention before you try again');
    throw error;
  }
}
