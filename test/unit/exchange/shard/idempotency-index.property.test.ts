import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IdempotencyIndex, contentHash } from '../../../../src/exchange/shard/idempotency-index.js';
import { runs } from '../../../support/property/runs.js';

interface Post {
  readonly participantId: number;
  readonly clientId: string;
  readonly content: number;
}

const posts: fc.Arbitrary<Post> = fc.record({
  participantId: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 0x7fff_ffff })),
  clientId: fc.oneof(
    fc.integer({ min: 0, max: 60 }).map((number) => `c-${number}`),
    fc.stringMatching(/^[\x21-\x7e]{1,64}$/),
    fc.stringMatching(/^[ab]{1,6}$/),
  ),
  content: fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff }),
});

const keyOf = ({ participantId, clientId }: Post): string => `${participantId} ${clientId}`;

/** Posts each that is new, as the shard does, and keeps the same in a map. */
function fill(
  index: IdempotencyIndex,
  all: readonly Post[],
): Map<string, { readonly id: number; readonly position: number; readonly content: number }> {
  const map = new Map<string, { id: number; position: number; content: number }>();
  all.forEach((post, nth) => {
    const known = map.get(keyOf(post));
    expect(index.find(post.participantId, post.clientId)).toBe(known?.id ?? 0);
    if (known !== undefined) return;
    const position = 2 ** 35 + 3 * nth;
    map.set(keyOf(post), { id: index.add(post.content, position), position, content: post.content });
  });
  return map;
}

function expectAlike(index: IdempotencyIndex, map: ReturnType<typeof fill>, all: readonly Post[]): void {
  expect(index.size).toBe(map.size);
  for (const post of all) {
    const known = map.get(keyOf(post));
    const id = index.find(post.participantId, post.clientId);
    expect(id).toBe(known?.id ?? 0);
    if (known === undefined) continue;
    expect(index.position(id)).toBe(known.position);
    expect(index.hasContent(id, known.content)).toBe(true);
    expect(index.hasContent(id, known.content ^ 1)).toBe(false);
  }
}

describe('the index of client ids', () => {
  it('The index of client ids finds what a map finds, whatever its seed, and after it was dumped and restored', () => {
    const seeds = fc.integer({ min: 0, max: 0x7fff_ffff });
    fc.assert(
      fc.property(seeds, fc.array(posts, { maxLength: 300, size: 'max' }), posts, (seed, all, next) => {
        const index = new IdempotencyIndex(seed);
        const map = fill(index, all);
        expectAlike(index, map, [...all, next]);
        const restored = IdempotencyIndex.restore([structuredClone(index.dump())]);
        expectAlike(restored, map, [...all, next]);
        if (map.has(keyOf(next))) return;
        restored.find(next.participantId, next.clientId);
        expect(restored.add(next.content, 1)).toBe(map.size + 1);
      }),
      runs(30),
    );
  });

  it('The index of client ids numbers intentions from 1 on, and finds each of 200,000 as it grows', () => {
    const index = new IdempotencyIndex(12_345);
    const count = 200_000;
    const nameOf = (number: number): [number, string] => [1 + (number % 97), `order-${number}`];
    for (let number = 0; number < count; number++) {
      if (index.find(...nameOf(number)) !== 0) expect.fail(`order-${number} is known before it was posted`);
      if (index.add(number, 5 * number) !== number + 1) expect.fail(`order-${number} has another number`);
    }
    const restored = IdempotencyIndex.restore([index.dump()]);
    for (const each of [index, restored]) {
      expect(each.size).toBe(count);
      for (let number = 0; number < count; number++) {
        const id = each.find(...nameOf(number));
        if (id !== number + 1 || each.position(id) !== 5 * number || !each.hasContent(id, number)) {
          expect.fail(`order-${number} is found as ${id}`);
        }
      }
      expect(each.find(98, 'order-5')).toBe(0);
      expect(each.find(6, 'order-6')).toBe(0);
    }
  });
});

describe('the hash of a post’s terms', () => {
  const terms = fc.record({
    instrumentId: fc.integer({ min: 1, max: 1_000 }),
    side: fc.nat(1),
    pricing: fc.nat(1),
    priceTicks: fc.integer({ min: 0, max: 0x7fff_fffe }),
    quantityLots: fc.integer({ min: 1, max: 0x7fff_ffff }),
    timeInForce: fc.nat(3),
    postOnly: fc.boolean(),
    expiresAtMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 8_640_000_000_000_000 })),
  });
  const fields = [
    'instrumentId',
    'side',
    'pricing',
    'priceTicks',
    'quantityLots',
    'timeInForce',
    'postOnly',
    'expiresAtMs',
  ] as const;

  it('The hash of a post’s terms is 32 bits, the same for the same terms', () => {
    fc.assert(
      fc.property(terms, (each) => {
        const hash = contentHash(each);
        expect(hash).toBe(hash | 0);
        expect(contentHash(each)).toBe(hash);
      }),
    );
  });

  it('The hash of a post’s terms differs when any one of the terms differs', () => {
    fc.assert(
      fc.property(terms, terms, fc.constantFrom(...fields), (one, other, field) => {
        fc.pre(one[field] !== other[field]);
        expect(contentHash({ ...one, [field]: other[field] })).not.toBe(contentHash(one));
      }),
      runs(2_000),
    );
  });

  it('The hash of a post’s terms falls together no more often than chance has it, over neighbouring prices and quantities', () => {
    const seen = new Set<number>();
    const common = { instrumentId: 1, side: 0, pricing: 0, timeInForce: 0, postOnly: false, expiresAtMs: 0 };
    for (let priceTicks = 1; priceTicks <= 400; priceTicks++) {
      for (let quantityLots = 1; quantityLots <= 250; quantityLots++) {
        seen.add(contentHash({ ...common, priceTicks, quantityLots }));
      }
    }
    // Of 100,000 draws from 2^32, one or two pairs are expected to fall together.
    expect(seen.size).toBeGreaterThan(100_000 - 12);
  });
});
