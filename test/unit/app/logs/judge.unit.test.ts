import type { WaitingFrames } from '../../../../infra/embedded/inspection.js';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { auditLog } from '../../../../projections/audit/audit-log.js';
import { AuditPrinter, exitCodeOf } from '../../../../src/cli/reports/audit-report.js';
import { judge } from '../../../../src/app/logs/judge.js';
import { wholeLog } from '../../../../src/app/logs/whole-log.js';
import { Output } from '../../../../src/cli/terminal/output.js';
import type { EventBatch } from '../../../../src/events/fold.js';
import { digestBefore } from '../../../../src/log/evidence.js';
import { DamagedLogError, type Evidence, type ShardLog } from '../../../../src/log/port.js';
import { History } from '../../../support/history/history.js';
import { logOf } from '../../../support/history/history-log.js';

const history = new History();
const alice = history.admit('alice');
const acme = history.list('ACME');
history.seal();
history.post(alice, acme, 'sell', 100, 5);
history.seal();
const { head } = history;

/** What the files of a log show whose newest writer has claimed it and has no segment yet. */
const report = {
  shard: 0,
  head,
  epoch: 2,
  segments: [],
  tornTails: [],
  repairs: [],
  waiting: undefined,
  damage: undefined,
};
const waiting = { frames: 2, events: 10, bytes: 500, epoch: 3 };

/** Stands in for a log's place. */
const placeWith = (evidence: readonly Evidence[], waits?: WaitingFrames): Parameters<typeof judge>[0] => ({
  evidence: async (notJudged) => {
    notJudged?.('a store that is being written');
    return evidence;
  },
  inspect: () => Promise.resolve(waits === undefined ? report : { ...report, waiting: waits }),
});

describe('a log against what lies beside it', () => {
  it('A log is contradicted by what lies beside it and knows more, and not by what knows the same or less', async () => {
    const log = logOf(history);
    const digest = await digestBefore(log, head);
    const known: Evidence[] = [
      { source: 'same', position: head, digest },
      { source: 'more', position: head + 1 },
      { source: 'other', position: head, digest: '0'.repeat(64) },
    ];
    const { lost, notJudged } = await judge(placeWith(known), log);
    expect(lost.map(({ source }) => source)).toEqual(['more', 'other']);
    expect(notJudged).toEqual(['a store that is being written']);
  });

  it('A log is not judged by what is known of events that wait for their writer', async () => {
    const known: Evidence[] = [
      { source: 'waiting', position: head + waiting.events },
      { source: 'more', position: head + waiting.events + 1 },
    ];
    const { lost, notJudged } = await judge(placeWith(known, waiting), logOf(history));
    expect(lost.map(({ source }) => source)).toEqual(['more']);
    expect(notJudged).toContainEqual(expect.stringMatching(/^waiting, of position \d+: events up to there wait/));
  });

  it('A log is not judged where it is damaged', async () => {
    const damage = new DamagedLogError('checksum differs', { file: 'f', byte: 0, frame: 0 });
    const broken: ShardLog = { ...logOf(history), head: () => Promise.reject(damage) };
    const { lost, notJudged } = await judge(placeWith([{ source: 'same', position: head }]), broken);
    expect([lost, notJudged.at(-1)]).toEqual([[], expect.stringContaining('checksum differs')]);
  });
});

describe('the audit of a log some of which waits for its writer', () => {
  it('The audit of a log some of which waits for its writer says so, counts it, and does not say that all is well', async () => {
    const audited = {
      shard: 0,
      report: await auditLog(logOf(history)),
      medium: { ...report, waiting },
      notJudged: ['a store'],
    };
    const stdout = new PassThrough();
    const out = new Output(stdout, {}, () => undefined);
    await new AuditPrinter(out, 'table').writeShard(audited, { shard: undefined, shown: undefined });
    await new AuditPrinter(out, 'json').writeShard(audited, { shard: undefined, shown: undefined });
    await out.flush();
    const text = String(stdout.read());
    expect(text).toMatch(/^not judged: 2 frames, 10 events, 500 bytes wait for the writer of epoch 3/m);
    expect(text).toMatch(/^not judged: a store$/m);
    expect(text).toMatch(/^result +nothing is wrong with what could be read$/m);
    expect(JSON.parse(text.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({ waiting, notJudged: ['a store'] });
    expect(exitCodeOf(audited)).toBe(0);
  });
});

describe('a log that is read whole', () => {
  const collect = async (log: ShardLog, until: number): Promise<number> => {
    let events = 0;
    for await (const { count } of wholeLog(log, until).read(0)) events += count;
    return events;
  };
  const without = (index: number): ShardLog => ({
    ...logOf(history),
    async *read(): AsyncGenerator<EventBatch> {
      yield* history.batches().filter((_batch, at) => at !== index);
    },
  });

  it('A log that is read whole is lost where its front, its middle or its end cannot be read', async () => {
    expect(await collect(logOf(history), head)).toBe(head);
    await expect(collect(without(0), head)).rejects.toThrow('it goes on at position');
    await expect(collect(without(1), head)).rejects.toThrow(`it ends before position ${head}`);
  });

  it('A log that is read whole may end earlier where its head does by then', async () => {
    const hidden: ShardLog = { ...without(1), head: () => Promise.resolve(1) };
    expect(await collect(hidden, head)).toBeLessThan(head);
  });
});
