import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { type Role, roles } from '../../../../api/access.js';
import { isParticipant } from '../../../../exchange/posts/parse-post.js';
import {
  isName,
  keyId,
  MAX_WEIGHT,
  NAME_RULE,
  PARTICIPANT_RULE,
  PUBLIC_KEY_RULE,
  WEAK_KEY,
  sha256Of,
} from '../../../../server/keys/key-file.js';
import { digestOfPublicKey, isWeak, rawOf, readPublicKey } from '../../../../server/keys/public-key.js';
import { parseCount, parseFile, parseWhole, textThat } from '../../../options/options.js';
import { failure, usage } from '../../../../app/exit.js';
import type { Terminal } from '../../../terminal/terminal.js';
import { Verb } from '../../../options/verb.js';
import { editKeyFile } from '../../../../app/keys/edited-key-file.js';
import { type KeyFileOptions, keyFileOption, warnOf } from './key-options.js';

interface AddOptions extends KeyFileOptions {
  readonly role: Role;
  readonly participant?: string;
  readonly publicKey?: string;
  readonly name?: string;
  readonly weight?: number;
  readonly rate?: number;
  readonly burst?: number;
}

const KEY_BYTES = 32;

export function keysAddVerb(terminal: Terminal): Command {
  return new Verb('add')
    .description(
      'Makes a key of 256 bits and prints it on stdout. That is the only time: the file, which is made for its user alone where it is ' +
        'missing, holds only its SHA-256. Nothing is printed before that is durable. With --public-key it makes none: whoever has the private ' +
        'key signs requests, and the id that signatures name it by is printed.',
    )
    .addOption(keyFileOption())
    .addOption(new Option('--role <role>', 'what it is good for').choices(roles).makeOptionMandatory())
    .option(
      '--participant <name>',
      'for whom the role participant acts',
      textThat(isParticipant, `a participant is ${PARTICIPANT_RULE}`),
    )
    .option('--public-key <file>', `a file with ${PUBLIC_KEY_RULE}, as \`parley keys pair\` prints it`, parseFile)
    .option('--name <name>', 'a label, to list and to revoke it by', textThat(isName, `a name is ${NAME_RULE}`))
    .option('--weight <weight>', 'its share of everything beside other keys, from 1 (the default) to 100', parseWeight)
    .option('--rate <requests>', 'requests a second, instead of what `parley serve --rate` says', parseCount)
    .option('--burst <requests>', 'with --rate: requests at once, after a rest', parseCount)
    .examples(
      ['parley keys add --file keys.json --role participant --participant alice', 'for alice'],
      ['parley keys add --file keys.json --role participant --participant bob --public-key bob.pub', 'bob signs'],
      ['parley keys add --file keys.json --role auditor --name night-audit', 'reads all, changes nothing'],
      ['parley keys add --file keys.json --role market-data', 'the market without names'],
    )
    .action((options: AddOptions) => addKey(terminal, options));
}

async function addKey(terminal: Terminal, options: AddOptions): Promise<void> {
  const { role, participant, rate, burst, publicKey } = options;
  if ((role === 'participant') !== (participant !== undefined)) {
    throw usage('the role participant needs --participant, and no other role has one');
  }
  if (burst !== undefined && rate === undefined) throw usage('--burst is for --rate: give both, or --rate alone');
  if (publicKey === undefined) await addSecret(terminal, options);
  else await addPublicKey(terminal, options, publicKey);
}

async function addSecret(terminal: Terminal, options: AddOptions): Promise<void> {
  const { file } = options;
  const key = randomBytes(KEY_BYTES).toString('base64url');
  const sha256 = sha256Of(key);
  const result = await write(options, { sha256 });
  await terminal.out.line(key);
  await terminal.deliver().catch((error: unknown) => {
    terminal.warn(`nobody has seen the key: take it back by parley keys revoke ${keyId(sha256)} --file ${file}`);
    throw error;
  });
  terminal.note(`key ${keyId(sha256)}, shown this once: ${file} holds only its SHA-256`);
  warnOf(result, options, terminal);
}

async function addPublicKey(terminal: Terminal, options: AddOptions, publicKeyFile: string): Promise<void> {
  const publicKey = readPublicKey(await readFile(publicKeyFile, 'utf8'));
  if (publicKey === undefined) throw failure(`${publicKeyFile} does not hold ${PUBLIC_KEY_RULE}`);
  if (isWeak(publicKey)) throw failure(`${publicKeyFile}: the public key is ${WEAK_KEY}`);
  const id = keyId(digestOfPublicKey(publicKey));
  const result = await write(options, { publicKey: rawOf(publicKey).toString('base64') });
  await terminal.out.line(id);
  terminal.note(`public key ${id}: signatures name it by this keyid`);
  warnOf(result, options, terminal);
}

function write(options: AddOptions, secret: { readonly sha256: string } | { readonly publicKey: string }) {
  const { file, role, participant, name, weight, rate, burst } = options;
  const since = new Date().toISOString();
  return editKeyFile(file, { mayMake: true }, (written, entries) => {
    if (name !== undefined && entries.some((entry) => entry.name === name)) {
      throw failure(`${file} has a key named ${name} already`);
    }
    return [...written, { ...secret, role, participant, name, weight, rate, burst, since }];
  });
}

function parseWeight(text: string): number {
  return parseWhole(text, { least: 1, most: MAX_WEIGHT, says: `a weight is a whole number from 1 to ${MAX_WEIGHT}` });
}
