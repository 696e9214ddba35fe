import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { keyFile } from '../../../support/http/key-file.js';
import { aPost, listen, openMarket } from '../../../support/http/market.js';
import { newPair } from '../../../support/http/signing.js';
import { describeWith } from '../../../support/needs/suite.js';

const program = path.join(import.meta.dirname, '../../../../examples/signed-requests/sign.py');

/** Runs the example, and gives what it prints, on whichever stream. */
async function signBy(args: readonly string[], body = ''): Promise<string> {
  const child = spawn('python3', [program, ...args]);
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (printed += String(bytes)));
  child.stdin.end(body);
  await new Promise((resolve) => child.once('close', resolve));
  return printed;
}

await describeWith('python-cryptography', 'a signer in another language', () => {
  it('A signer in another language, with a cryptography of its own, is taken; and refused with another key', async () => {
    const [alice, mallory] = [newPair(), newPair()];
    const file = await keyFile({ keys: [{ publicKey: alice.publicKey, participant: 'alice' }] });
    const { url } = await listen(await openMarket(), { keyFile: file });
    const pem = path.join(path.dirname(file), 'alice.pem');
    await writeFile(pem, String(alice.privateKey.export({ type: 'pkcs8', format: 'pem' })));
    const posted = await signBy(
      [pem, 'POST', `${url}/v1/intentions`],
      JSON.stringify(aPost({ clientIntentionId: 'p-1' })),
    );
    expect(JSON.parse(posted)).toMatchObject({ clientIntentionId: 'p-1', participant: 'alice' });
    const listed = await signBy([pem, 'GET', `${url}/v1/intentions?status=open&limit=5`]);
    expect(JSON.parse(listed)).toMatchObject({ intentions: [{ clientIntentionId: 'p-1' }] });
    await writeFile(pem, String(mallory.privateKey.export({ type: 'pkcs8', format: 'pem' })));
    expect(JSON.parse(await signBy([pem, 'GET', `${url}/v1/deals`]))).toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});
