import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { EmbeddedLog } from '../../../infra/embedded/embedded-log.js';
import { goldenFolders, unpack } from '../../golden/golden-folder.js';
import { eventsIn } from '../../support/reference/exchange-harness.js';
import { removeFolder } from '../../support/log/temporary-folder.js';
import { readLog } from '../../documents/plain-reader.js';

function filesIn(folder: string): Map<string, Buffer> {
  return new Map(fs.readdirSync(folder).map((name) => [name, fs.readFileSync(path.join(folder, name))]));
}

describe('a reader that is written from the page on the format of a log', () => {
  it.each(goldenFolders())(
    'A reader that is written from the page on the format of a log reads what the log itself reads: $name',
    async ({ name }) => {
      const folder = unpack(name);
      onTestFinished(() => removeFolder(folder));
      const events = await eventsIn(new EmbeddedLog({ folder }));
      const plain = readLog(filesIn(folder));
      expect(plain).toEqual(events.map(({ position, event }) => ({ position, event })));
      expect(plain.length).toBeGreaterThan(20);
    },
  );

  it('A reader that is written from the page on the format of a log finds a batch whose digest is not its own', () => {
    const [folder = ''] = goldenFolders().map(({ name }) => unpack(name));
    onTestFinished(() => removeFolder(folder));
    const files = filesIn(folder);
    const [first = ''] = [...files.keys()].filter((name) => name.endsWith('.log')).sort();
    files.delete(first);
    expect(() => readLog(files)).toThrow('the digest is not that of the batch');
  });
});
