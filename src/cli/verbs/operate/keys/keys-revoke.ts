import type { Command } from 'commander';
import { type KeyEntry, keyId } from '../../../../server/keys/key-file.js';
import { failure } from '../../../../app/exit.js';
import type { Terminal } from '../../../terminal/terminal.js';
import { Verb } from '../../../options/verb.js';
import { editKeyFile } from '../../../../app/keys/edited-key-file.js';
import { type KeyFileOptions, keyFileOption, warnOf } from './key-options.js';

export function keysRevokeVerb(terminal: Terminal): Command {
  return new Verb('revoke')
    .description(
      'Takes a key out of the file. A server that runs with it lets nobody in by it any more from the moment at which it reads the file, ' +
        'and ends what the key has open. Exits with 1, and changes nothing, where none or several are meant.',
    )
    .argument('<key>', 'the id or the name of the key, as `parley keys list` shows them')
    .addOption(keyFileOption())
    .examples(
      ['parley keys revoke night-audit --file keys.json', 'by its name'],
      ['parley keys revoke 1f3d5b7a9c0e --file keys.json', 'by its id'],
    )
    .action(async (key: string, options: KeyFileOptions) => {
      let revoked: KeyEntry | undefined;
      const result = await editKeyFile(options.file, { mayMake: false }, (written, entries) => {
        const index = theOne(entries, key, options.file);
        revoked = entries[index];
        return written.filter((_entry, at) => at !== index);
      });
      if (revoked !== undefined) terminal.note(`revoked ${shown(revoked)}`);
      warnOf(result, options, terminal);
    });
}

/** The place of the key that is meant. */
function theOne(entries: readonly KeyEntry[], key: string, file: string): number {
  const isMeant = ({ sha256, name }: KeyEntry): boolean => keyId(sha256) === key || name === key;
  const meant = entries.filter(isMeant);
  if (meant.length === 1) return entries.findIndex(isMeant);
  const says =
    meant.length === 0
      ? `${file} has no key of that id or name; ${instead(entries, key)}`
      : `${file} has ${meant.length} keys of that id or name: ${meant.map(shown).join('; ')}`;
  throw failure(says);
}

/** What to give instead: a participant's name is easily taken for that of its key. */
function instead(entries: readonly KeyEntry[], key: string): string {
  const ids = entries.filter(({ actor }) => actor.participant === key).map(({ sha256 }) => keyId(sha256));
  return ids.length === 0
    ? 'parley keys list shows those that there are'
    : `the participant ${key} has ${ids.join(', ')}: give the id`;
}

function shown({ sha256, actor, name }: KeyEntry): string {
  const forWhom = actor.participant === undefined ? actor.role : `${actor.role} ${actor.participant}`;
  return `${keyId(sha256)} (${forWhom}${name === undefined ? '' : `, ${name}`})`;
}
