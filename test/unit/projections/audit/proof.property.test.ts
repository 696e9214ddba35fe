import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIRST_DIGEST, proofBatch, verifyProof } from '../../../../projections/audit/proof.js';
import { type Anchor, anchorText } from '../../../../src/log/anchor.js';
import type { EventBatch } from '../../../../src/events/fold.js';
import { runs } from '../../../support/property/runs.js';
import { Scene } from './scene.js';

/** A log of several batches, each of a few events. */
function batchesOf(): readonly EventBatch[] {
  const scene = new Scene();
  scene.seal();
  for (let deal = 0; deal < 5; deal++) {
    const [seller, buyer] = scene.pair();
    scene.deal(seller, buyer, 1020, 10);
    scene.seal();
  }
  return scene.batches();
}

const batches = batchesOf();
const digests = batches.map((batch) => proofBatch(batch).digest);
const anchors: readonly (Anchor & { shard: number })[] = batches.map(({ firstPosition, count }, index) => {
  return { shard: 0, position: firstPosition + count, digest: digests[index] ?? '' };
});

/** A proof of one batch that leads to the anchor at the end of another, or of the same. */
function proofOf(from: number, to: number): string {
  const anchor = anchors[to];
  const before = digests[from - 1] ?? FIRST_DIGEST;
  const position = batches[from]?.firstPosition;
  const header = { kind: 'proof', shard: 0, position, before, anchor: anchor === undefined ? '' : anchorText(anchor) };
  const lines = [header, ...batches.slice(from, to + 1).map((batch) => proofBatch(batch).batch)];
  return `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`;
}

const stretch = fc
  .tuple(fc.nat(batches.length - 1), fc.nat(batches.length - 1))
  .map(([one, other]) => [Math.min(one, other), Math.max(one, other)] as const);

describe('a proof', () => {
  it('A proof holds from any batch to any anchor at or behind it, and gives the batch’s events', () => {
    fc.assert(
      fc.property(stretch, ([from, to]) => {
        const found = verifyProof(proofOf(from, to), anchors.slice(to, to + 1));
        expect(found).toMatchObject({ firstPosition: batches[from]?.firstPosition, shard: 0 });
        expect('events' in found && found.events).toHaveLength((batches[from]?.count ?? 0) - 1);
      }),
      runs(50),
    );
  });

  it('A proof no longer holds when any byte of it is another', () => {
    const proof = Buffer.from(proofOf(1, 3));
    for (let at = 0; at < proof.length; at++) {
      for (const change of [1, 0x20, 0x80]) {
        const changed = Buffer.from(proof);
        changed.writeUInt8(changed.readUInt8(at) ^ change, at);
        expect(verifyProof(changed.toString(), anchors), `byte ${at}`).toHaveProperty('reasons');
      }
    }
  });

  it('A proof no longer holds when bytes are changed, left out, doubled or moved', () => {
    const change = fc.record({
      at: fc.nat(),
      length: fc.integer({ min: 1, max: 200 }),
      into: fc.nat(),
      byte: fc.nat(127),
    });
    const kinds = fc.constantFrom('change', 'cut', 'double', 'move', 'lines' as const);
    fc.assert(
      fc.property(stretch, change, kinds, ([from, to], { at, length, into, byte }, kind) => {
        const proof = proofOf(from, to);
        const start = at % proof.length;
        const piece = proof.slice(start, start + length);
        const without = proof.slice(0, start) + proof.slice(start + length);
        const place = into % (without.length + 1);
        const lines = proof.split('\n');
        const changed = {
          change: proof.slice(0, start) + String.fromCharCode(byte) + proof.slice(start + 1),
          cut: without,
          double: proof.slice(0, start) + piece + proof.slice(start),
          move: without.slice(0, place) + piece + without.slice(place),
          lines: [...lines.slice(0, 1), ...lines.slice(1, -1).reverse(), ''].join('\n'),
        }[kind];
        if (changed !== proof) expect(verifyProof(changed, anchors)).toHaveProperty('reasons');
      }),
      runs(500),
    );
  });

  it('A proof proves nothing by another anchor than the one it leads to, or by that of another shard', () => {
    const proof = proofOf(1, 3);
    expect(verifyProof(proof, [])).toHaveProperty('reasons');
    expect(verifyProof(proof, [...anchors.slice(0, 3), ...anchors.slice(4)])).toMatchObject({
      reasons: [expect.stringContaining('is not among the anchors that were given')],
    });
    const [ofAnotherShard] = anchors.slice(3, 4).map((anchor) => ({ ...anchor, shard: 1 }));
    expect(verifyProof(proof, ofAnotherShard === undefined ? [] : [ofAnotherShard])).toHaveProperty('reasons');
    const bare = anchors.map(({ position, digest }) => ({ shard: undefined, position, digest }));
    expect(verifyProof(proof, bare)).toHaveProperty('events');
  });

  it('A proof is not made of another history that ends in the same place', () => {
    const [header = '', first = '', ...rest] = proofOf(1, 3).split('\n');
    const other = JSON.stringify({ ...(JSON.parse(first) as object), bytes: Buffer.from('forged').toString('base64') });
    const found = verifyProof([header, other, ...rest].join('\n'), anchors);
    expect('reasons' in found && found.reasons.join(' ')).toMatch(/no events.*its events give the digest/);
  });
});
