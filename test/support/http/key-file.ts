import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const defaultKeys = [
  { key: 'alices-key', participant: 'alice' },
  { sha256: createHash('sha256').update('bobs-long-key').digest('hex'), participant: 'bob' },
  { key: 'operators-key', operator: true },
  { key: 'auditors-key', role: 'auditor' },
  { key: 'market-data-key', role: 'market-data' },
];

/** A key file for the length of a test: of alice, bob and one of every other role, unless its content is given. */
export async function keyFile(content: unknown = { keys: defaultKeys }): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-keys-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'keys.json');
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content), { mode: 0o600 });
  return file;
}

export const as = {
  alice: { authorization: 'Bearer alices-key' },
  bob: { authorization: 'Bearer bobs-long-key' },
  operator: { authorization: 'Bearer operators-key' },
  auditor: { authorization: 'Bearer auditors-key' },
  marketData: { authorization: 'Bearer market-data-key' },
};
