import type { Command } from 'commander';
import { type KeyEntry, keyId } from '../../../../server/keys/key-file.js';
import { formatOf, type OutputOptions } from '../../../options/options.js';
import { fieldsOf, type RowKind, writeRows } from '../../../terminal/rows.js';
import type { Terminal } from '../../../terminal/terminal.js';
import { Verb } from '../../../options/verb.js';
import { readKeyFile } from '../../../../app/keys/edited-key-file.js';
import { type KeyFileOptions, keyFileOption, warnOf } from './key-options.js';

interface ListOptions extends KeyFileOptions, OutputOptions {}

export function keysListVerb(terminal: Terminal): Command {
  return new Verb('list')
    .description(
      'Shows what keys a file holds: the id of each, which is the beginning of its SHA-256, what it is good for, its name, its weight, its ' +
        'rate where it has one of its own, and whether requests show the key or are signed by it. ' +
        'The server names keys by their ids too, and a signature names its key by it.',
    )
    .addOption(keyFileOption())
    .outputOptions()
    .examples(['parley keys list --file keys.json', 'who may do what'])
    .action(async (options: ListOptions) => {
      const read = await readKeyFile(options.file);
      await writeRows(terminal.out, formatOf(options), read.entries.map(shown), kind);
      warnOf(read, options, terminal);
    });
}

function shown({ sha256, publicKey, actor, name, weight, rate, since }: KeyEntry) {
  const { role, participant } = actor;
  const proof = publicKey === undefined ? 'key' : 'signature';
  return {
    id: keyId(sha256),
    role,
    participant,
    name,
    weight,
    rate: rate?.perSecond,
    burst: rate?.burst,
    proof,
    since,
  };
}

const kind: RowKind<ReturnType<typeof shown>> = {
  columns: [
    { head: 'id', value: ({ id }) => id },
    { head: 'role', value: ({ role }) => role },
    { head: 'participant', value: ({ participant }) => participant ?? '' },
    { head: 'name', value: ({ name }) => name ?? '' },
    { head: 'weight', value: ({ weight }) => String(weight), align: 'right' },
    { head: 'rate', value: ({ rate, burst }) => rateText(rate, burst), align: 'right' },
    { head: 'proof', value: ({ proof }) => proof },
    { head: 'since', value: ({ since }) => since ?? '' },
  ],
  fields: fieldsOf<ReturnType<typeof shown>>({
    id: true,
    role: true,
    participant: true,
    name: true,
    weight: true,
    rate: true,
    burst: true,
    proof: true,
    since: true,
  }),
};

/** `100`, or `100/500` where it has a burst of its own. */
function rateText(rate: number | undefined, burst: number | undefined): string {
  return [rate, burst].filter((each) => each !== undefined).join('/');
}
