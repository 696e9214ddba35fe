import { describe, expect, it } from 'vitest';
import { serveCalls } from '../../../../src/web/source/worker-calls.js';
import { FileSource } from '../../../../src/web/source/file-source.js';
import type { LogCalls } from '../../../../src/web/workers/log-calls.js';
import { logHandlers, sourceOf } from '../../../../src/web/workers/log-file/handlers.js';
import { auditFile, replayFile } from '../../../../src/web/workers/log-file/proofs.js';
import { History } from '../../../support/history/history.js';
import { NaiveMarket } from '../../../support/history/naive-market.js';
import { browserSha256, fileOf, linesOf, openFile } from '../workers/log-file/exported.js';
import { type LocalPort, portPair } from './ports.js';

function workerOf(): LocalPort {
  const { page, worker } = portPair();
  serveCalls<LogCalls>(worker, logHandlers(browserSha256));
  return page;
}

function fileOfHistory(): File {
  const history = new History();
  new NaiveMarket(history, 3).run(400);
  return new File([fileOf(linesOf(history.batches()))], 'day.jsonl');
}

describe('a file as a source', () => {
  it('Everything that a view asks for is what the log itself tells, as of the head and of a moment', async () => {
    const blob = fileOfHistory();
    const source = await FileSource.open(blob, workerOf());
    const file = await openFile(blob);
    const direct = sourceOf(file);
    expect(source).toMatchObject({ kind: 'file', name: 'day.jsonl', head: file.head, told: file.told });
    for (const at of [undefined, 250]) {
      const [intention] = (await direct.intentions({ at, status: 'filled' })).map(({ id }) => id);
      const [deal] = (await direct.deals({ at })).map(({ id }) => id);
      const ask = (from: Omit<typeof direct, never>): Promise<unknown[]> =>
        Promise.all([
          ...[
            from.instruments({ at }),
            from.tickers({ at }),
            from.ticker('S1', { at }),
            from.book('S1', { at, depth: 4 }),
          ],
          ...[
            from.trades('S1', { at, limit: 3 }),
            from.candles('S1', { at, interval: '1m' }),
            from.deals({ at, limit: 4 }),
          ],
          ...[
            from.intentions({ at, limit: 5 }),
            from.intention(intention ?? '', { at }),
            from.deal(deal ?? '', { at }),
          ],
          ...[from.positions({ at }), from.doubts({ at }), from.why(intention ?? '', { at })],
          ...[from.intentionChart(intention ?? '', { at }), from.dealChart(deal ?? '', { at })],
          ...(['svg', 'mermaid', 'text'] as const).flatMap((format) => [
            from.chartAs(intention ?? '', format, { at }),
            from.chartAs(deal ?? '', format, { at }),
          ]),
          ...[from.timeline({ buckets: 9 }), from.moment({ at }), from.events({ from: 7, limit: 5 })],
        ]);
      expect(await ask(source)).toEqual(await ask(direct));
    }
    expect(await source.replay({ at: 200 })).toEqual(await replayFile(file, { at: 200 }));
    expect(await source.audit()).toEqual(await auditFile(file, {}));
  });

  it('What there is not is refused with the status and code of the server', async () => {
    const source = await FileSource.open(fileOfHistory(), workerOf());
    const refused = (code: string, status: number): object => ({ code, status });
    await expect(source.book('GHOST', {})).rejects.toMatchObject(refused('UNKNOWN_INSTRUMENT', 404));
    await expect(source.intention('99999', {})).rejects.toMatchObject(refused('UNKNOWN_INTENTION', 404));
    await expect(source.intention('1', { at: 0 })).rejects.toMatchObject(refused('UNKNOWN_INTENTION', 404));
    for (const id of ['1-99', '', '1', 'x-y', '01-1']) {
      await expect(source.deal(id, {})).rejects.toMatchObject(refused('UNKNOWN_DEAL', 404));
      if (id.includes('-')) {
        await expect(source.chartAs(id, 'svg', {})).rejects.toMatchObject(refused('UNKNOWN_DEAL', 404));
      }
      await expect(source.dealChart(id, {})).rejects.toMatchObject(refused('UNKNOWN_DEAL', 404));
    }
    await expect(source.book('S1', { at: source.head + 1 })).rejects.toMatchObject(refused('POSITION_AHEAD', 409));
    await expect(source.timeline({ until: source.head + 1 })).rejects.toMatchObject(refused('POSITION_AHEAD', 409));
    await expect(source.book('S1', { at: -1 })).rejects.toMatchObject(refused('INVALID_COMMAND', 400));
    await expect(source.moment({ atTime: 'noon' })).rejects.toMatchObject(refused('INVALID_COMMAND', 400));
    await expect(source.deals({ limit: 0 })).rejects.toMatchObject(refused('INVALID_COMMAND', 400));
  });

  it('A time is the moment before the first event that is later', async () => {
    const source = await FileSource.open(fileOfHistory(), workerOf());
    const { at, position } = await source.moment({ at: 200 });
    const found = await source.moment({ atTime: at });
    expect(found.position).toBeGreaterThanOrEqual(position);
    expect(found.at).toBe(at);
  });

  it('A file that is no log is refused with its code, and its worker is ended', async () => {
    const worker = workerOf();
    const opening = FileSource.open(new File(['Dear sirs'], 'letter.txt'), worker);
    await expect(opening).rejects.toMatchObject({ code: 'LINE_INVALID' });
    expect(worker.isTerminated).toBe(true);
  });

  it('Closing a file rejects what still waits', async () => {
    const worker = workerOf();
    const source = await FileSource.open(fileOfHistory(), worker);
    const auditing = source.audit();
    source.close();
    await expect(auditing).rejects.toMatchObject({ detail: 'the file was closed' });
    expect(worker.isTerminated).toBe(true);
  });
});
