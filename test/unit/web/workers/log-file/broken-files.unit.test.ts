import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auditFile, replayFile } from '../../../../../src/web/workers/log-file/proofs.js';
import { LogFileError } from '../../../../../src/web/workers/log-file/file-error.js';
import { History } from '../../../../support/history/history.js';
import { NaiveMarket } from '../../../../support/history/naive-market.js';
import { runs } from '../../../../support/property/runs.js';
import { fileOf, linesOf, openFile, zipped } from './exported.js';

function linesOfHistory(length = 200): string[] {
  const history = new History();
  new NaiveMarket(history, 7).run(length);
  return linesOf(history.batches());
}

const lines = linesOfHistory();
const text = lines.map((line) => `${line}\n`).join('');
const changed = (index: number, change: (line: string) => string): Blob =>
  fileOf(lines.map((line, at) => (at === index ? change(line) : line)));

describe('a file that is dropped on the page', () => {
  it('A file is read alike whether it is compressed or not, with line ends of either kind, blank lines, or none after the last line', async () => {
    const head = lines.length;
    const files = [text, text.replaceAll('\n', '\r\n'), `\n\n${text.replaceAll('\n', '\n\n')}`, text.trimEnd()];
    for (const content of files) {
      expect((await openFile(new Blob([content]))).told).toMatchObject({ head, eventsSealed: 0 });
      expect((await openFile(new Blob([zipped(content)]))).told).toMatchObject({ head, eventsSealed: 0 });
    }
  });

  it('A file of several compressed parts, one after the other, is read as one', async () => {
    const parts = [zipped(text.slice(0, 5_000)), zipped(text.slice(5_000))];
    const opened = await openFile(new Blob(parts)).catch((error: unknown) => error);
    // Not every platform goes on behind the first part; none takes a part of the file for the whole of it.
    if (opened instanceof LogFileError) expect(opened.code).toBe('GZIP_DAMAGED');
    else expect(opened).toMatchObject({ head: lines.length });
  });

  it.each([
    ['no byte', new Blob([]), 'FILE_EMPTY', undefined],
    ['line ends alone', new Blob(['\n\n\n']), 'FILE_EMPTY', undefined],
    ['a picture', new Blob([Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0xff, 0xfe)]), 'NOT_TEXT', 1],
    ['prose', new Blob(['Dear sirs,\nplease find enclosed\n']), 'LINE_INVALID', 1],
    ['another JSON', fileOf(['[1,2]']), 'LINE_INVALID', 1],
    ['a byte order mark', new Blob(['\ufeff', text]), 'LINE_INVALID', 1],
    ['a line that is too long', new Blob(['x'.repeat(3 << 20)]), 'LINE_TOO_LONG', 1],
    ['a part of a log', fileOf(lines.slice(40)), 'POSITION_GAP', 1],
    ['a line that is missing', fileOf(lines.toSpliced(50, 1)), 'POSITION_GAP', 51],
    ['a line that comes twice', fileOf(lines.toSpliced(50, 0, lines[49] ?? '')), 'POSITION_GAP', 51],
    [
      'an event that no catalogue has',
      changed(9, (line) => line.replace(/"type":"\w+"/, '"type":"Rumour"')),
      'LINE_INVALID',
      10,
    ],
    ['a field too many', changed(9, (line) => line.replace('{', '{"note":1,')), 'LINE_INVALID', 10],
    [
      'a number that is none',
      changed(9, (line) => line.replace(/"revision":\d+/, '"revision":-1')),
      'LINE_INVALID',
      10,
    ],
    ['another stream', changed(9, (line) => line.replace(/"stream":"\w+-/, '"stream":"ghost-')), 'STREAM_DIFFERS', 10],
    ['a line that is cut in the middle of the file', changed(9, (line) => line.slice(0, 30)), 'LINE_INVALID', 10],
  ] as const)('A file with %s is refused, and the error names the line', async (_what, file, code, line) => {
    const error: unknown = await openFile(file).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(error).toBeInstanceOf(LogFileError);
    expect(error).toMatchObject({ code, line });
    if (line !== undefined) expect(String(error)).toContain(`line ${line}`);
  });

  it('A compressed file that was cut short or changed is refused, and nothing waits permanently', async () => {
    const whole = zipped(text);
    for (const share of [0.1, 0.5, 0.9, 0.999]) {
      const cut = openFile(new Blob([whole.slice(0, Math.floor(share * whole.length))]));
      await expect(cut).rejects.toMatchObject({ code: 'GZIP_DAMAGED' });
      const spoilt = whole.slice();
      spoilt.fill(0x5a, Math.floor(share * whole.length) - 4, Math.floor(share * whole.length));
      const error: unknown = await openFile(new Blob([spoilt])).catch((error: unknown) => error);
      expect(error).toBeInstanceOf(LogFileError);
    }
  });

  it('A seal that is not of its batch is told, and does not keep the rest from being read', async () => {
    const at = lines.findIndex((line) => line.includes('BatchSealed'));
    const file = await openFile(changed(at, (line) => line.replace(/"digest":"../, '"digest":"ff')));
    expect(file.told).toMatchObject({ head: lines.length, wrongSeals: 2, firstWrongSeal: at });
    expect((await auditFile(file, {})).countByCode.get('DIGEST_MISMATCH')).toBe(2);
  });

  it('Events that no exchange can have made can be looked at and audited, and a replay of them says what cannot be', async () => {
    const settled = lines.findIndex((line) => line.includes('IntentionWithdrawn'));
    const file = await openFile(
      changed(settled, (line) =>
        line.replace(/intention-\d+/, 'intention-9999').replace(/"intentionId":\d+/, '"intentionId":9999'),
      ),
    );
    await expect(replayFile(file, {})).rejects.toMatchObject({ code: 'HISTORY_BROKEN' });
    expect((await auditFile(file, {})).violationCount).toBeGreaterThan(0);
  });

  it('A signal ends the reading of a file with its reason', async () => {
    const over = new AbortController();
    over.abort(new Error('changed my mind'));
    const { LogFile } = await import('../../../../../src/web/workers/log-file/log-file.js');
    const { browserSha256: sha256 } = await import('./exported.js');
    await expect(LogFile.open(fileOf(lines), { sha256, signal: over.signal })).rejects.toThrow('changed my mind');
  });

  it('A file that is spoilt anywhere is either read or refused with a code, its line and nothing else', async () => {
    const spoiling = fc.record({
      at: fc.nat({ max: text.length - 1 }),
      length: fc.integer({ min: 0, max: 40 }),
      by: fc.oneof(
        fc.string({ maxLength: 20 }),
        fc.constantFrom('9', '0', '"', '\n', '}{', '\0', '🙂', '9007199254740991'),
      ),
    });
    const property = fc.asyncProperty(fc.array(spoiling, { minLength: 1, maxLength: 3 }), async (spoilings) => {
      let spoilt = text;
      for (const { at, length, by } of spoilings) spoilt = spoilt.slice(0, at) + by + spoilt.slice(at + length);
      const opened: unknown = await openFile(new Blob([spoilt])).catch((error: unknown) => error);
      if (opened instanceof LogFileError) expect(opened.message).toMatch(/line \d+: |the file/);
      else expect(opened).toHaveProperty('told.head');
    });
    await fc.assert(property, runs(150));
  });
});
