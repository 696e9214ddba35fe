/**
 * Remembers every intention ever posted by its participant and clientIntentionId, so that a post can be repeated at any time: about 30
 * bytes each, outside the garbage collector's reach, and no pause when it grows.
 *
 * A hash table finds the number of an intention by 32 bits of its key's hash; it grows by extendible hashing, one small segment at a
 * time. What is known of each intention stands in columns by that number, which are only ever appended to.
 *
 * 1. A key is a keyed 64-bit hash of participant and client id; with it stands an independent 32-bit hash of the terms. Two
 *    different posts are taken for the same one only if all 96 bits agree.
 * 2. The seed is chosen when the shard is opened, so nobody can aim at somebody else's keys. Nothing but look-ups depends on it.
 * 3. Numbers ascend by one from 1; 0 marks an empty place.
 */
import type { PostTerms } from '../../domain/post-terms.js';
import { bySegment } from './by-segment.js';

const SEGMENT_ENTRIES = 1 << 16;
const SEGMENT_MASK = SEGMENT_ENTRIES - 1;
const SEGMENT_FULL = Math.floor(SEGMENT_ENTRIES * 0.7);
const MAX_DEPTH = 16;
/** Keys whose places are fetched together: enough to hide the memory's latency, few enough to stay in the cache. */
export const PREFETCH_GROUP = 64;
const COLUMN_BITS = 18;
const COLUMN_MASK = (1 << COLUMN_BITS) - 1;
const FIRST_LENGTH = 1 << 10;

class Segment {
  /** Pairs of a hash and a number. */
  readonly words = new Int32Array(SEGMENT_ENTRIES * 2);
  size = 0;
  constructor(public depth: number) {}

  add(hash: number, ordinal: number): void {
    const { words } = this;
    let slot = hash & SEGMENT_MASK;
    while (words[2 * slot + 1] !== 0) slot = (slot + 1) & SEGMENT_MASK;
    words[2 * slot] = hash;
    words[2 * slot + 1] = ordinal;
    this.size++;
  }

  /** Gives the entries whose hash has the bit of their depth to the other. */
  shareWith(other: Segment): void {
    const { words, depth } = this;
    scratch.set(words);
    words.fill(0);
    this.size = 0;
    for (let at = 0; at < scratch.length; at += 2) {
      const ordinal = scratch[at + 1] as number; // at is in range, here and below
      if (ordinal === 0) continue;
      const hash = scratch[at] as number;
      const half = ((hash >>> (32 - depth)) & 1) === 0 ? this : other;
      half.add(hash, ordinal);
    }
  }
}

/** Where a segment stands while it is split. */
const scratch = new Int32Array(SEGMENT_ENTRIES * 2);

/** What is known of up to 2^18 intentions in a row; it starts small, for most shards are. */
class Columns {
  private length = FIRST_LENGTH;
  checks = new Int32Array(FIRST_LENGTH);
  contents = new Int32Array(FIRST_LENGTH);
  positions = new Float64Array(FIRST_LENGTH);

  /** Makes room for the entry at `at`. */
  reach(at: number): void {
    if (at < this.length) return;
    while (this.length <= at) this.length *= 4;
    const { checks, contents, positions } = this;
    this.checks = new Int32Array(this.length);
    this.contents = new Int32Array(this.length);
    this.positions = new Float64Array(this.length);
    this.checks.set(checks);
    this.contents.set(contents);
    this.positions.set(positions);
  }
}

export interface IdempotencyDump {
  readonly seed: number;
  readonly hashes: Int32Array;
  readonly checks: Int32Array;
  readonly contents: Int32Array;
  readonly positions: Float64Array;
}

export class IdempotencyIndex {
  private directory: Segment[] = [new Segment(0)];
  private depth = 0;
  private readonly columns: Columns[] = [];
  private readonly noted = new Int32Array(PREFETCH_GROUP);
  private prefetchCount = 0;
  private hash = 0;
  private check = 0;
  /** How many intentions are known; the number of the latest. */
  size = 0;

  constructor(private readonly seed: number) {}

  /** Number of the intention that was posted under this key, or 0. Keeps the key's hash, so that `add` may follow. */
  find(participantId: number, clientIntentionId: string): number {
    this.hashKey(participantId, clientIntentionId);
    const { hash } = this;
    const { words } = this.segment(hash);
    let slot = hash & SEGMENT_MASK;
    for (;;) {
      const ordinal = words[2 * slot + 1] as number; // slot is masked
      if (ordinal === 0) return 0;
      if (words[2 * slot] === hash && this.columnsOf(ordinal).checks[ordinal & COLUMN_MASK] === this.check) {
        return ordinal >>> 0;
      }
      slot = (slot + 1) & SEGMENT_MASK;
    }
  }

  /** Notes a key that will be looked up soon, for `flushPrefetch`. More than PREFETCH_GROUP at a time are fetched in groups. */
  prefetch(participantId: number, clientIntentionId: string): void {
    this.hashKey(participantId, clientIntentionId);
    this.noted[this.prefetchCount++] = this.hash;
    if (this.prefetchCount === PREFETCH_GROUP) this.flushPrefetch();
  }

  /**
   * Reads the places of all keys that were noted, and nothing else: so the processor fetches them from memory side by side, where
   * look-ups one after the other would each be waited for. Returns something meaningless.
   */
  flushPrefetch(): number {
    let seen = 0;
    for (let index = 0; index < this.prefetchCount; index++) {
      const hash = this.noted[index] as number; // index is in range
      seen |= this.segment(hash).words[2 * (hash & SEGMENT_MASK) + 1] as number; // masked
    }
    this.prefetchCount = 0;
    return seen;
  }

  /** Remembers what `find` has just not found. Returns its number. */
  add(content: number, position: number): number {
    const ordinal = ++this.size;
    this.insert(this.hash, ordinal);
    this.append(ordinal, this.check, content, position);
    return ordinal;
  }

  /** Whether an intention's terms have this hash. */
  hasContent(ordinal: number, content: number): boolean {
    return this.columnsOf(ordinal).contents[ordinal & COLUMN_MASK] === content;
  }

  /** Log position at which an intention was posted. */
  position(ordinal: number): number {
    return this.columnsOf(ordinal).positions[ordinal & COLUMN_MASK] as number; // the index is masked
  }

  /** All that is known, for a snapshot. */
  dump(): IdempotencyDump {
    const length = this.size + 1;
    const hashes = new Int32Array(length);
    for (const { words } of new Set(this.directory)) {
      for (let at = 0; at < words.length; at += 2) {
        const ordinal = words[at + 1] as number; // at is in range, here and below
        if (ordinal !== 0) hashes[ordinal >>> 0] = words[at] as number;
      }
    }
    const dump = {
      seed: this.seed,
      hashes,
      checks: new Int32Array(length),
      contents: new Int32Array(length),
      positions: new Float64Array(length),
    };
    this.columns.forEach((columns, index) => {
      const from = index << COLUMN_BITS;
      const count = Math.min(1 << COLUMN_BITS, length - from);
      if (count <= 0) return;
      dump.checks.set(columns.checks.subarray(0, count), from);
      dump.contents.set(columns.contents.subarray(0, count), from);
      dump.positions.set(columns.positions.subarray(0, count), from);
    });
    return dump;
  }

  /** From a dump, or from one that was cut into slices. */
  static restore(slices: readonly IdempotencyDump[]): IdempotencyIndex {
    const index = new IdempotencyIndex(slices[0]?.seed ?? 0);
    const known = slices.map(({ hashes }) => hashes);
    index.size = Math.max(0, known.reduce((sum, { length }) => sum + length, 0) - 1);
    index.sizeFor(index.size);
    const pairs = bySegment(known, index.directory.length, (hash) => index.placeOf(hash));
    for (let at = 0; at < pairs.length; at += 2) index.insert(pairs[at] as number, pairs[at + 1] as number); // in range
    let ordinal = 0;
    for (const { checks, contents, positions } of slices) {
      for (let at = 0; at < checks.length; at++, ordinal++) {
        index.append(ordinal, checks[at] as number, contents[at] as number, positions[at] as number); // in range
      }
    }
    return index;
  }

  /** Makes as many segments, all empty, as so many intentions would have led to one by one. */
  private sizeFor(count: number): void {
    while (count / 2 ** this.depth > SEGMENT_FULL && this.depth < MAX_DEPTH) this.depth++;
    this.directory = Array.from({ length: 2 ** this.depth }, () => new Segment(this.depth));
  }

  private append(ordinal: number, check: number, content: number, position: number): void {
    if (ordinal >>> COLUMN_BITS >= this.columns.length) this.columns.push(new Columns());
    const columns = this.columnsOf(ordinal);
    const at = ordinal & COLUMN_MASK;
    columns.reach(at);
    columns.checks[at] = check;
    columns.contents[at] = content;
    columns.positions[at] = position;
  }

  private columnsOf(ordinal: number): Columns {
    return this.columns[ordinal >>> COLUMN_BITS] as Columns; // an ordinal that was handed out has its columns
  }

  private insert(hash: number, ordinal: number): void {
    let segment = this.segment(hash);
    while (segment.size >= SEGMENT_FULL) {
      this.split(segment);
      segment = this.segment(hash);
    }
    segment.add(hash, ordinal);
  }

  private segment(hash: number): Segment {
    return this.directory[this.placeOf(hash)] as Segment; // the directory has 2^depth places
  }

  private placeOf(hash: number): number {
    return this.depth === 0 ? 0 : hash >>> (32 - this.depth);
  }

  private split(segment: Segment): void {
    if (segment.depth === MAX_DEPTH)
      throw new RangeError('the shard has handed out as many intentions as it can count');
    if (segment.depth === this.depth) {
      this.directory = this.directory.flatMap((each) => [each, each]);
      this.depth++;
    }
    const depth = ++segment.depth;
    const upper = new Segment(depth);
    segment.shareWith(upper);
    for (let place = 0; place < this.directory.length; place++) {
      if (this.directory[place] !== segment) continue;
      if (((place >>> (this.depth - depth)) & 1) === 1) this.directory[place] = upper;
    }
  }

  private hashKey(participantId: number, clientIntentionId: string): void {
    const { length } = clientIntentionId;
    let one = Math.imul(this.seed ^ participantId, 0x9e37_79b1);
    let other = Math.imul(this.seed ^ 0x7f4a_7c15 ^ length, 0x85eb_ca6b) ^ participantId;
    for (let index = 0; index < length; index++) {
      const unit = clientIntentionId.charCodeAt(index);
      one = Math.imul(one ^ unit, 0x0100_0193) ^ (one >>> 15);
      other = Math.imul((other << 5) ^ (other >>> 27) ^ unit, 0xc2b2_ae35);
    }
    this.hash = mix(one);
    this.check = mix(other ^ (one >>> 16));
  }
}

/** The finishing step of MurmurHash3 (Austin Appleby, public domain): every bit of the input moves every bit of the output. */
function mix(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return hash ^ (hash >>> 16);
}

/** A 32-bit hash of what makes one post's terms differ from another's. */
export function contentHash(terms: Omit<PostTerms, 'clientIntentionId' | 'participant'>): number {
  const { instrumentId, side, pricing, priceTicks, quantityLots, timeInForce, postOnly, expiresAtMs } = terms;
  const choices = side | (pricing << 1) | (timeInForce << 2) | (postOnly ? 16 : 0) | (instrumentId << 5);
  let hash = Math.imul(choices ^ 0x2545_f491, 0x9e37_79b1);
  hash = Math.imul(hash ^ (hash >>> 15) ^ priceTicks, 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13) ^ quantityLots, 0xc2b2_ae35);
  if (expiresAtMs !== 0) {
    hash = Math.imul(hash ^ (expiresAtMs | 0), 0x27d4_eb2f);
    hash = Math.imul(hash ^ Math.floor(expiresAtMs / 0x1_0000_0000), 0x1656_67b1);
  }
  return hash ^ (hash >>> 16);
}
