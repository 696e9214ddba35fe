/**
 * How many requests a second each key may make: a bucket that holds as many requests as may come at once, and fills at the rate (the generic
 * cell rate algorithm of ITU-T I.371).
 *
 * 1. What finds no room is refused, is not counted, and was not begun. In the long run no more than the rate is let in, and after a rest no
 *    more than the burst at once.
 * 2. The lines of streams count as requests. They are slowed and not refused, and come from the upper half of the bucket alone, so that a
 *    stream leaves room for the single requests of its key.
 * 3. A key keeps its bucket for as long as it means the same, however often the key file is read; another rate counts from then on.
 * 4. Where there is no rate, asking costs two comparisons.
 */

export interface Rate {
  /** Requests a second, in the long run. */
  readonly perSecond: number;
  /** Requests at once, after a rest: as many as come in a second, unless said otherwise. */
  readonly burst?: number | undefined;
}

/** A key, by what the key file says of its rate. */
export interface RatedKey {
  readonly rate?: Rate | undefined;
}

export class RateLimits {
  readonly #usual: Rate | undefined;
  readonly #nowMs: () => number;
  readonly #buckets = new WeakMap<RatedKey, RateBucket>();

  /** `usual`: of every key that has no rate of its own; undefined: those have no bound. */
  constructor(usual?: Rate, nowMs: () => number = () => performance.now()) {
    this.#usual = usual;
    this.#nowMs = nowMs;
  }

  /** What the key may do now; undefined where it has no bound. */
  of(key: RatedKey): RateBucket | undefined {
    const rate = key.rate ?? this.#usual;
    if (rate === undefined) return undefined;
    const known = this.#buckets.get(key);
    if (known !== undefined) {
      known.rate = rate;
      return known;
    }
    const bucket = new RateBucket(rate, this.#nowMs);
    this.#buckets.set(key, bucket);
    return bucket;
  }
}

/** Of sums of fractions of a second: who has waited for as long as was said finds room. */
const ROUNDING = 1e-6;

/** What one key may do. */
export class RateBucket {
  rate: Rate;
  readonly #nowMs: () => number;
  /** When the bucket is full again if nothing more comes. */
  #fullAtMs = Number.NEGATIVE_INFINITY;

  constructor(rate: Rate, nowMs: () => number) {
    this.rate = rate;
    this.#nowMs = nowMs;
  }

  /** Counts a request and gives 0, or gives the milliseconds after which there is room for it. */
  admit(): number {
    const waitMs = this.#untilMs(1);
    if (waitMs === 0) this.spend(1);
    return waitMs;
  }

  /** The milliseconds after which a stream of the key may post on; 0: now. */
  get streamWaitMs(): number {
    return this.#untilMs(this.#reserve + 1);
  }

  /** How many lines a stream of the key may post now, at most so many. Those that it does post it spends. */
  streamLines(most: number): number {
    return Math.max(0, Math.min(most, this.#wholeLeft - this.#reserve));
  }

  /** Counts requests whether there is room for them or not: what comes next waits for it. */
  spend(requests: number): void {
    this.#fullAtMs = Math.max(this.#fullAtMs, this.#nowMs()) + (requests * 1_000) / this.rate.perSecond;
  }

  /** The field RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers): what fits into the bucket, and the seconds in which it fills. */
  get policy(): string {
    return `"requests";q=${this.#burst};w=${Math.ceil(this.#burst / this.rate.perSecond)}`;
  }

  /** The field RateLimit: how many requests there is room for, and the seconds until the bucket is full again. */
  get limit(): string {
    const fullInS = Math.ceil(this.#untilFullMs / 1_000 - ROUNDING);
    return `"requests";r=${Math.max(0, this.#wholeLeft)};t=${fullInS}`;
  }

  get #burst(): number {
    return this.rate.burst ?? this.rate.perSecond;
  }

  /** What streams leave to others. */
  get #reserve(): number {
    return Math.floor(this.#burst / 2);
  }

  get #untilFullMs(): number {
    return Math.max(0, this.#fullAtMs - this.#nowMs());
  }

  /** Requests that there is room for; negative after what was spent ahead. */
  get #left(): number {
    return this.#burst - (this.#untilFullMs * this.rate.perSecond) / 1_000;
  }

  get #wholeLeft(): number {
    return Math.floor(this.#left + ROUNDING);
  }

  #untilMs(requests: number): number {
    const missing = requests - this.#left;
    return missing <= ROUNDING ? 0 : (missing * 1_000) / this.rate.perSecond;
  }
}
