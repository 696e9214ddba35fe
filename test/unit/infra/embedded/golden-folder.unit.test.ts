import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EmbeddedLog } from '../../../../infra/embedded/embedded-log.js';
import { removeFolder } from '../../../support/log/temporary-folder.js';
import { post } from '../../../support/reference/steps-of.js';
import { eventsIn, OPENING_MS, ExchangeHarness } from '../../../support/reference/exchange-harness.js';
import { goldenFolders, outcomeOf, unpack } from '../../../golden/golden-folder.js';

const ADVICE =
  'A folder that was once written must stay readable permanently: give infra/embedded/format.ts another format version beside the old one, whose ' +
  'readers stay, and record the next golden folder with npx tsx test/golden/golden-folder.ts.';

function contentOf(folder: string): Record<string, string> {
  return Object.fromEntries(
    fs.readdirSync(folder).map((file) => [file, fs.readFileSync(path.join(folder, file), 'hex')]),
  );
}

describe.each(goldenFolders())('the golden folder $name', ({ name, outcome }) => {
  let folder: string;
  beforeEach(() => {
    folder = unpack(name);
  });
  afterEach(() => {
    removeFolder(folder);
  });

  it('A golden folder is read, audited and replayed to what it came to then, and not touched', async () => {
    const before = contentOf(folder);
    expect(JSON.parse(JSON.stringify(await outcomeOf(folder))), ADVICE).toEqual(outcome);
    expect(contentOf(folder)).toEqual(before);
  });

  it('A golden folder holds all that the format knows: segments, epochs, a fenced writer’s frames and a torn tail', () => {
    expect(outcome.segments.length).toBeGreaterThan(3);
    expect(outcome.epoch).toBeGreaterThan(2);
    expect(JSON.stringify(outcome.segments)).toMatch(/"ignoredFrames":[1-9]/);
    expect(outcome.tornTails).toHaveLength(1);
    expect(outcome).toMatchObject({ damage: null, violations: 0 });
  });

  it('A golden folder can be opened and written on, behind all that it held', async () => {
    const log = new EmbeddedLog({ folder });
    const held = await eventsIn(log);
    const harness = await ExchangeHarness.open(log, { nowMs: OPENING_MS + 10_000 });
    expect(await harness.play(post('erin', 'sell', 500, 1), 'durable'), ADVICE).toHaveProperty('posted');
    await harness.close();
    expect((await eventsIn(log)).slice(0, held.length)).toEqual(held);
    expect(await outcomeOf(folder)).toMatchObject({ damage: null, violations: 0, epoch: outcome.epoch + 1 });
  });
});
