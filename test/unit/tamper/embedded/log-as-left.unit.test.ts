import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { goldenFolders, unpack } from '../../../golden/golden-folder.js';
import { removeFolder } from '../../../support/log/temporary-folder.js';
import { segmentsIn } from '../../../tamper/embedded/folder.js';
import { contradictedBy } from '../../../tamper/embedded/known.js';
import { framesOf, readLogIn } from '../../../tamper/embedded/log-as-left.js';

describe.each(goldenFolders())('the judge’s own reader, of the golden folder $name', ({ name, outcome }) => {
  let folder: string;
  beforeEach(() => {
    folder = unpack(name);
  });
  afterEach(() => {
    removeFolder(folder);
  });

  /** Changes the bytes of a segment, by its number. */
  function change(number: number, to: (bytes: Buffer) => Buffer): void {
    const file = path.join(folder, segmentsIn(folder).at(number) ?? '');
    fs.writeFileSync(file, to(fs.readFileSync(file)));
  }

  it('The judge’s own reader reads what the exchange reads: neither a fenced writer’s frames nor a torn tail', () => {
    const log = readLogIn(folder);
    expect(log).toMatchObject({ head: outcome.head, broken: undefined });
    expect(log.digests.get(log.head)).toBe(outcome.batchDigest);
  });

  it('The judge’s own reader takes a log for broken whose front, middle or header is not as it was written', () => {
    change(0, (bytes) => bytes.fill(0, 40, 60));
    expect(readLogIn(folder).broken).toContain('at byte 32');
    fs.rmSync(path.join(folder, segmentsIn(folder)[0] ?? ''));
    expect(readLogIn(folder).broken).toContain('what is before it ends at 0');
    change(0, (bytes) => bytes.fill(0, 0, 8));
    expect(readLogIn(folder).broken).toBeDefined();
  });

  it('The judge’s own reader takes a log for broken that lost its first batch and closed up behind it', () => {
    change(0, (bytes) => Buffer.concat([bytes.subarray(0, 32), bytes.subarray(framesOf(bytes)[0]?.end)]));
    expect(readLogIn(folder).broken).toContain('at byte 32');
  });

  it('The judge’s own reader contradicts none of what a log once said of itself, and all that another said', () => {
    const log = readLogIn(folder);
    const known = [...log.digests].map(([position, digest]) => ({ source: 'x', position, digest }));
    expect(contradictedBy(log, known)).toEqual([]);
    expect(contradictedBy(log, [{ source: 'x', position: log.head + 1 }])).toHaveLength(1);
    expect(contradictedBy(log, [{ source: 'x', position: log.head, digest: '00'.repeat(32) }])).toHaveLength(1);
    expect(contradictedBy(log, [{ source: 'x', position: log.head - 1, digest: outcome.batchDigest }])).toHaveLength(1);
    expect(contradictedBy(log, [{ source: 'x', position: 0, file: 'gone' }])).toHaveLength(1);
  });
});
