import type { Command } from 'commander';
import { type KeyEntry, keyId } from '../../server/key-file.js';
import { jsonOption, type JsonOptions } from '../options.js';
import { writeTable } from '../terminal/table.js';
import type { Terminal } from '../terminal/terminal.js';
import { Verb } from '../verb.js';
import { readKeyFile } from './edited-key-file.js';
import { type KeyFileOptions, keyFileOption, warnOf } from './key-options.js';

interface ListOptions extends KeyFileOptions, JsonOptions {}

export function keysListVerb(terminal: Terminal): Command {
  return new Verb('list')
    .summary('shows what keys there are, and never a key')
    .description(
      'Shows what keys a file holds: the id of each, which is the beginning of its SHA-256, what it is good for, its name and its weight. ' +
        'The server names keys by their ids too.',
    )
    .addOption(keyFileOption())
    .addOption(jsonOption())
    .examples(['parley keys list --file keys.json', 'who may do what'])
    .action(async (options: ListOptions) => {
      const read = await readKeyFile(options.file);
      if (options.json === true) for (const entry of read.entries) await terminal.out.json(shown(entry));
      else await writeKeys(terminal, read.entries);
      warnOf(read, options, terminal);
    });
}

function shown({ sha256, actor, name, weight, since }: KeyEntry): object {
  return { id: keyId(sha256), role: actor.role, participant: actor.participant, name, weight, since };
}

async function writeKeys({ out }: Terminal, entries: readonly KeyEntry[]): Promise<void> {
  await writeTable<KeyEntry>(
    out,
    [
      { head: 'id', value: ({ sha256 }) => keyId(sha256) },
      { head: 'role', value: ({ actor }) => actor.role },
      { head: 'participant', value: ({ actor }) => actor.participant ?? '' },
      { head: 'name', value: ({ name }) => name ?? '' },
      { head: 'weight', value: ({ weight }) => String(weight), align: 'right' },
      { head: 'since', value: ({ since }) => since ?? '' },
    ],
    entries,
  );
}
