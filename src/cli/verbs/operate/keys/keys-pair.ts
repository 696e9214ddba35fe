import { generateKeyPairSync } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { Command } from 'commander';
import { FILE_MODE } from '../../../../log/file-modes.js';
import { errorCode } from '../../../../log/message-of.js';
import { failure } from '../../../../app/exit.js';
import { rawOf } from '../../../../server/keys/public-key.js';
import type { Terminal } from '../../../terminal/terminal.js';
import { Verb } from '../../../options/verb.js';

export function keysPairVerb(terminal: Terminal): Command {
  return new Verb('pair')
    .description(
      'Makes an Ed25519 key pair for signing requests. The private key goes to a new file (PEM, PKCS #8), for its user alone, and stays with who ' +
        'signs; the public key is printed on stdout, for who keeps the file of keys: `parley keys add --public-key`.',
    )
    .argument('<file>', 'where the private key is to be; there must be none yet')
    .examples(['parley keys pair alice.pem > alice.pub', 'alice keeps alice.pem, and hands alice.pub over'])
    .action(async (file: string) => {
      const { publicKey, privateKey } = generateKeyPairSync('ed25519');
      await writeNew(file, String(privateKey.export({ type: 'pkcs8', format: 'pem' })));
      await terminal.out.line(rawOf(publicKey).toString('base64'));
    });
}

async function writeNew(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', FILE_MODE).catch((cause: unknown) => {
    if (errorCode(cause) === 'EEXIST') throw failure(`${file} is there already, and is left as it is`, cause);
    throw cause;
  });
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
