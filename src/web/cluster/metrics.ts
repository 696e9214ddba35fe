/** What a server tells of itself in Prometheus’ text format, and what the difference of two such readings comes to. */

export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

type Labels = Readonly<Record<string, string>>;

/** Samples by the name of their metric, in the order of the text. */
export type Metrics = ReadonlyMap<string, readonly Sample[]>;

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+-?\d+)?$/s;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/gs;

const TYPE = /^# TYPE ([a-zA-Z_:][\w:]*) /;

/** A metric that is announced and has no sample is there, empty. Lines that are neither are passed over. */
export function parseMetrics(text: string): Metrics {
  const metrics = new Map<string, Sample[]>();
  for (const line of text.split('\n')) {
    const [, announced] = TYPE.exec(line) ?? [];
    if (announced !== undefined && !metrics.has(announced)) metrics.set(announced, []);
    const [, name, labels = '', number = ''] = LINE.exec(line.trim()) ?? [];
    const value = numberIn(number);
    if (name === undefined || value === undefined) continue;
    const samples = metrics.get(name) ?? [];
    metrics.set(name, samples);
    samples.push({ labels: labelsIn(labels), value });
  }
  return metrics;
}

function labelsIn(text: string): Labels {
  const pairs = Array.from(text.matchAll(LABEL), ([, name = '', value = '']): readonly [string, string] => [
    name,
    value.replace(/\\(.)/gs, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped)),
  ]);
  return Object.fromEntries(pairs);
}

function numberIn(text: string): number | undefined {
  const signed = /^([+-]?)Inf$/.exec(text);
  if (signed !== null) return signed[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const value = text === '' ? Number.NaN : Number(text);
  return Number.isNaN(value) ? undefined : value;
}

/** Those of a metric that have these labels. */
export function samplesOf(metrics: Metrics, name: string, having: Labels = {}): readonly Sample[] {
  const wanted = Object.entries(having);
  const samples = metrics.get(name) ?? [];
  return samples.filter(({ labels }) => wanted.every(([label, value]) => labels[label] === value));
}

/** The sum over all labels; undefined where there is no such metric. */
export function sumOf(metrics: Metrics, name: string): number | undefined {
  return metrics.get(name)?.reduce((sum, { value }) => sum + value, 0);
}

/** The largest of all labels. */
export function mostOf(metrics: Metrics, name: string): number | undefined {
  const samples = metrics.get(name);
  return samples === undefined || samples.length === 0 ? undefined : Math.max(...samples.map(({ value }) => value));
}

/** Two readings, and how long it was from one to the other. */
export interface Span {
  readonly before: Metrics;
  readonly after: Metrics;
  readonly seconds: number;
}

/**
 * How much a metric’s counters have grown, together. One that is smaller than before began again at zero. One that was not there before
 * began at zero too, but for those of a shard, which count from the beginning of its log: there it is the shard that was elsewhere.
 */
export function growthOf({ before, after }: Span, name: string, having?: Labels): number | undefined {
  if (!after.has(name)) return undefined;
  const earlier = new Map(samplesOf(before, name, having).map(({ labels, value }) => [keyOf(labels), value]));
  return samplesOf(after, name, having).reduce((sum, { labels, value }) => {
    const was = earlier.get(keyOf(labels)) ?? (labels.shard === undefined ? 0 : value);
    return sum + (value < was ? value : value - was);
  }, 0);
}

/** How much the counters have grown in a second. */
export function rateOf(span: Span, name: string, having?: Labels): number | undefined {
  const growth = growthOf(span, name, having);
  return growth === undefined || span.seconds <= 0 ? undefined : growth / span.seconds;
}

/** By how much one counter has grown for each that another has; undefined where that has not. */
export function ratioOf(span: Span, name: string, each: string): number | undefined {
  const [grown, times] = [growthOf(span, name), growthOf(span, each)];
  return grown === undefined || times === undefined || times === 0 ? undefined : grown / times;
}

/** So many observations were no larger than a bound. */
export interface Bucket {
  readonly bound: number;
  readonly count: number;
}

/** What a histogram has taken from one reading to the other, all its labels together, by ascending bounds; counts are cumulative. */
export function bucketsOf(span: Span, name: string, having: Labels = {}): readonly Bucket[] {
  const bounds = new Set(samplesOf(span.after, `${name}_bucket`, having).map(({ labels }) => labels.le ?? ''));
  return [...bounds]
    .flatMap((le) => {
      const bound = numberIn(le);
      const count = growthOf(span, `${name}_bucket`, { ...having, le });
      return bound === undefined || count === undefined ? [] : [{ bound, count }];
    })
    .sort((one, other) => one.bound - other.bound);
}

/**
 * The value that a share (0 to 1) of all observations does not exceed, even within its bucket, as Prometheus’ `histogram_quantile` has it:
 * beyond the last bound it is that bound. Undefined where there was none.
 */
export function quantileOf(buckets: readonly Bucket[], share: number): number | undefined {
  const all = buckets.at(-1)?.count ?? 0;
  if (all === 0) return undefined;
  const rank = share * all;
  const index = buckets.findIndex(({ count }) => count >= rank);
  const bucket = buckets[index];
  const below = buckets[index - 1] ?? { bound: 0, count: 0 };
  if (bucket === undefined || !Number.isFinite(bucket.bound)) return below.bound;
  const within = bucket.count - below.count;
  return within === 0 ? bucket.bound : below.bound + ((bucket.bound - below.bound) * (rank - below.count)) / within;
}

function keyOf(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1)));
}
