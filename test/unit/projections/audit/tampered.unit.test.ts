import { describe, expect, it } from 'vitest';
import { type FindingCode, findingKinds } from '../../../../projections/audit/findings.js';
import { encodeEvent } from '../../../../src/events/event.js';
import { withByte } from '../../../support/history/history.js';
import { guardLies } from './guard-lies.js';
import { handshakeLies } from './handshake-lies.js';
import { marketLies } from './market-lies.js';
import { audit, type Lie, Scene } from './scene.js';
import { splitLies } from './split-lies.js';
import { streamLies } from './stream-lies.js';

const lies: readonly Lie[] = [...streamLies, ...handshakeLies, ...marketLies, ...splitLies, ...guardLies];

/** Found in the form of the log, not in what it says: each has a test of its own, here or with auditLog. */
const codesOfForm: readonly FindingCode[] = [
  'LOG_DAMAGED',
  'LOG_LOST',
  'LOG_REPAIRED',
  'ANCHOR_NOT_HELD',
  'EVENT_DAMAGED',
  'POSITION_GAP',
  'COUNT_DIFFERS',
  'BATCH_UNSEALED',
  'SEAL_MISPLACED',
  'DIGEST_MISMATCH',
];

describe('a history that was tampered with', () => {
  it.each(lies.map((lie) => [lie.code, lie.how, lie] as const))(
    'A history that was tampered with gives %s where %s',
    (code, _how, lie) => {
      const scene = new Scene();
      const position = lie.tell(scene);
      const { findings } = audit(scene.batches());
      const severity = lie.severity ?? 'violation';
      expect(findings).toContainEqual(expect.objectContaining({ code, position, severity }));
      const violations = findings.filter((finding) => finding.severity === 'violation');
      if (lie.isConsequence !== true) expect(violations[0]?.position ?? position).toBe(position);
    },
  );

  it('A history that was tampered with has a test for every code', () => {
    const tested = new Set([...lies.map((lie) => lie.code), ...codesOfForm]);
    expect([...tested].sort()).toEqual(Object.keys(findingKinds).sort());
  });
});

describe('a log whose form was tampered with', () => {
  const scene = new Scene();
  scene.seal();
  scene.withdraw(scene.sell(1020, 10));
  scene.seal();
  scene.sell(1020, 10);
  const [first, second, third] = scene.batches();
  if (first === undefined || second === undefined || third === undefined) throw new Error('three batches were sealed');

  const found = (...batches: Parameters<typeof audit>[0]): unknown =>
    audit(batches).findings.map(({ code, position }) => [code, position]);

  it('A log whose form was tampered with is clean before it is tampered with', () => {
    expect(found(first, second, third)).toEqual([]);
  });

  it('A log whose form was tampered with gives DIGEST_MISMATCH at the seal of an altered batch, and goes on from there', () => {
    const nameAt = first.bytes.indexOf('alice'.charCodeAt(0));
    expect(found(withByte(first, nameAt, 'e'.charCodeAt(0)), second, third)).toEqual([['DIGEST_MISMATCH', 4]]);
  });

  it('A log whose form was tampered with gives POSITION_GAP where a batch is missing', () => {
    expect(found(first, third)).toContainEqual(['POSITION_GAP', third.firstPosition]);
  });

  it('A log whose form was tampered with gives COUNT_DIFFERS for a batch that claims another count', () => {
    expect(found(first, { ...second, count: 4 }, third)).toEqual([['COUNT_DIFFERS', second.firstPosition]]);
  });

  it('A log whose form was tampered with gives BATCH_UNSEALED for a batch without its seal', () => {
    const seal = encodeEvent(scene.eventAt(second.firstPosition + 2));
    const bytes = second.bytes.subarray(0, second.bytes.length - seal.length);
    const unsealed = found(first, { ...second, bytes, count: 2 });
    expect(unsealed).toContainEqual(['BATCH_UNSEALED', second.firstPosition + 1]);
  });

  it('A log whose form was tampered with gives SEAL_MISPLACED for a seal within a batch', () => {
    const bytes = Buffer.concat([second.bytes, third.bytes]);
    const joined = found(first, { ...second, bytes, count: second.count + third.count });
    expect(joined).toContainEqual(['SEAL_MISPLACED', second.firstPosition + second.count - 1]);
  });

  it('A log whose form was tampered with gives EVENT_DAMAGED for bytes that are no event, and reads no further', () => {
    const report = audit([first, withByte(second, 0, 99), third]);
    expect(report.isDamaged).toBe(true);
    expect(report.eventCount).toBe(first.count);
    expect(report.findings).toEqual([
      expect.objectContaining({ code: 'EVENT_DAMAGED', position: second.firstPosition }),
    ]);
  });
});
