import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readHistory, writeHistory } from '../../../history/clients/history-file.js';
import { StagedHistory } from '../../../history/staged-history.js';
import { removeFolder, temporaryFolder } from '../../../support/log/temporary-folder.js';

it('A history that is written to a file is the same when it is read', async () => {
  const { operations, log } = new StagedHistory(7).play(60);
  const folder = temporaryFolder();
  onTestFinished(() => removeFolder(folder));
  const file = path.join(folder, 'history.jsonl');
  writeHistory(file, { operations, log });
  expect(await readHistory(file)).toEqual(JSON.parse(JSON.stringify({ operations, log })));
});
