import fs from 'node:fs';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { parley } from '../../support/cli/parley.js';
import { Serving } from '../../support/cli/serving.js';
import { removeFolder, temporaryFolder } from '../../support/log/temporary-folder.js';

const folder = temporaryFolder();
afterAll(() => removeFolder(folder));

/** What happens within seconds; what takes longer is seen by a clock set by hand. */
const SOON = [
  ...['InstrumentListed', 'PhaseChanged', 'LimitsSet', 'SwitchSet', 'IntentionPosted', 'PostRefused'],
  ...['IntentionAmended', 'IntentionWithdrawn', 'IntentionExpired', 'AuctionUncrossed', 'DealConfirmed'],
];

/** Each look is a process, of which the server must not be short. */
const looks = { interval: 500 };

/** The types of event that the log holds by now. */
async function typesIn(data: string): Promise<Set<string>> {
  const { stdout } = await parley(['log', 'cat', '--data', data]);
  return new Set([...stdout.matchAll(/"type":"([A-Za-z]+)"/g)].map(([, type = '']) => type));
}

it('`parley serve --demo` opens with an auction, goes on with all that a market has, also with keys, and ends cleanly', async () => {
  const data = path.join(folder, 'demo');
  const keys = path.join(folder, 'keys.json');
  fs.writeFileSync(keys, '{"keys":[{"key":"operator-key","operator":true}]}');
  const serving = await Serving.start('--data', data, '--demo', '--keys', keys);
  const env = { PARLEY_KEY: 'operator-key' };
  const phases = async (): Promise<string> => (await serving.ask(['instruments'], { env })).stdout;
  await expect.poll(phases, looks).toMatch(/HOOLI .* call/);
  const missing = async () => {
    const types = await typesIn(data);
    return SOON.filter((type) => !types.has(type));
  };
  await expect.poll(missing, looks).toEqual([]);
  await expect.poll(phases, looks).not.toMatch(/ call$/m);
  const metrics = async () =>
    (await fetch(`${serving.url}/metrics`, { headers: { authorization: 'Bearer operator-key' } })).text();
  await expect.poll(metrics).toMatch(/^parley_negotiators_rebuilt_total\{shard="0"\} [1-9]/m);
  expect(await serving.end('SIGTERM')).toBe(0);
  expect(serving.stderr).not.toContain('ended');
  expect((await parley(['audit', '--data', data])).code).toBe(0);
  expect((await parley(['replay', '--data', data])).code).toBe(0);
});
