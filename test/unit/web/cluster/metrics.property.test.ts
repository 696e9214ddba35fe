import fc from 'fast-check';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import {
  bucketsOf,
  growthOf,
  mostOf,
  parseMetrics,
  quantileOf,
  rateOf,
  ratioOf,
  samplesOf,
  sumOf,
} from '../../../../src/web/cluster/metrics.js';

const labelTexts = fc.string({ unit: 'binary', maxLength: 12 });

describe('metrics as text', () => {
  it('Whatever Prometheus’ client writes is read as it was counted, whatever its labels hold', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.record({ route: labelTexts, code: labelTexts }), {
          maxLength: 8,
          selector: ({ route, code }) => JSON.stringify([route, code]),
        }),
        fc.array(fc.double({ noNaN: true }), { minLength: 8, maxLength: 8 }),
        async (labels, values) => {
          const registry = new Registry();
          const gauge = new Gauge({ name: 'g', help: 'it', labelNames: ['route', 'code'], registers: [registry] });
          labels.forEach((each, index) => gauge.set(each, values[index] ?? 0));
          const expected = labels.map((each, index) => ({ labels: each, value: values[index] ?? 0 }));
          const read = samplesOf(parseMetrics(await registry.metrics()), 'g');
          expect(read.map(({ labels: own, value }) => ({ labels: own, value: value + 0 }))).toEqual(
            expected.map(({ labels: own, value }) => ({ labels: own, value: value + 0 })),
          );
        },
      ),
    );
  });

  it('Lines that are no samples are passed over, and a metric without samples is there', () => {
    const metrics = parseMetrics(
      '# HELP a It.\n# TYPE a counter\n\nnonsense\nb{x="1"} word\nc 1 1700000000000\nd +Inf\n',
    );
    expect([...metrics.keys()]).toEqual(['a', 'c', 'd']);
    expect(samplesOf(metrics, 'c')).toEqual([{ labels: {}, value: 1 }]);
    expect(sumOf(metrics, 'a')).toBe(0);
    expect(mostOf(metrics, 'd')).toBe(Number.POSITIVE_INFINITY);
    expect(sumOf(metrics, 'b')).toBeUndefined();
  });
});

describe('rates', () => {
  const span = (before: string, after: string, seconds = 2) => ({
    before: parseMetrics(before),
    after: parseMetrics(after),
    seconds,
  });

  it('A counter’s rate is its growth by the time that passed, all its labels together', () => {
    expect(rateOf(span('n{a="1"} 10\nn{a="2"} 5', 'n{a="1"} 16\nn{a="2"} 9'), 'n')).toBe(5);
    expect(growthOf(span('n{a="1"} 10\nn{a="2"} 5', 'n{a="1"} 16\nn{a="2"} 9'), 'n', { a: '2' })).toBe(4);
    expect(rateOf(span('n 1', 'n 1', 0), 'n')).toBeUndefined();
    expect(rateOf(span('', ''), 'n')).toBeUndefined();
  });

  it('A counter that is smaller than before began again at zero', () => {
    expect(growthOf(span('n 1000', 'n 30'), 'n')).toBe(30);
  });

  it('A label that is new began at zero, but a shard that came from elsewhere has not grown', () => {
    expect(growthOf(span('n{code="A"} 1', 'n{code="A"} 1\nn{code="B"} 3'), 'n')).toBe(3);
    expect(growthOf(span('n{shard="0"} 1', 'n{shard="0"} 2\nn{shard="1"} 90000'), 'n')).toBe(1);
  });

  it('Growth over any number of readings with restarts between them is never negative', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 2 }), (values) => {
        values.slice(1).forEach((value, index) => {
          const growth = growthOf(span(`n ${values[index] ?? 0}`, `n ${value}`), 'n');
          expect(growth).toBeGreaterThanOrEqual(0);
        });
      }),
    );
  });

  it('What one counter grew for each of another is told only where that has grown', () => {
    expect(ratioOf(span('e 0\nc 0', 'e 12\nc 4'), 'e', 'c')).toBe(3);
    expect(ratioOf(span('e 0\nc 4', 'e 12\nc 4'), 'e', 'c')).toBeUndefined();
  });
});

describe('quantiles', () => {
  it('A quantile of generated observations lies in the bucket in which the exact one lies', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ min: 0, max: 3, noNaN: true }), { minLength: 1, maxLength: 50 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        async (observed, share) => {
          const registry = new Registry();
          const bounds = [0.5, 1, 2];
          const histogram = new Histogram({ name: 'h', help: 'it', buckets: bounds, registers: [registry] });
          const before = parseMetrics(await registry.metrics());
          for (const each of observed) histogram.observe(each);
          const span = { before, after: parseMetrics(await registry.metrics()), seconds: 1 };
          const found = quantileOf(bucketsOf(span, 'h'), share);
          const exact =
            observed.toSorted((one, other) => one - other)[Math.ceil(share * observed.length - 1e-9) - 1] ?? 0;
          const upper = bounds.find((bound) => exact <= bound) ?? 2;
          const lower = exact > 2 ? 2 : (bounds.filter((bound) => bound < exact).at(-1) ?? 0);
          expect(found).toBeGreaterThanOrEqual(lower);
          expect(found).toBeLessThanOrEqual(upper);
        },
      ),
    );
  });

  it('Observations of before the span do not count, and labels are taken together or apart', async () => {
    const registry = new Registry();
    const options = {
      name: 'h',
      help: 'it',
      labelNames: ['route'] as const,
      buckets: [1, 2, 4],
      registers: [registry],
    };
    const histogram = new Histogram(options);
    histogram.observe({ route: '/a' }, 3);
    const before = parseMetrics(await registry.metrics());
    histogram.observe({ route: '/a' }, 0.5);
    histogram.observe({ route: '/b' }, 1.5);
    const span = { before, after: parseMetrics(await registry.metrics()), seconds: 1 };
    expect(bucketsOf(span, 'h').map(({ count }) => count)).toEqual([1, 2, 2, 2]);
    expect(quantileOf(bucketsOf(span, 'h', { route: '/b' }), 1)).toBe(2);
    expect(quantileOf(bucketsOf(span, 'h', { route: '/a' }), 1)).toBe(1);
  });

  it('Between two bounds a quantile is where its share of the bucket is; of nothing there is none', () => {
    const buckets = [
      { bound: 1, count: 0 },
      { bound: 3, count: 4 },
      { bound: Number.POSITIVE_INFINITY, count: 5 },
    ];
    expect(quantileOf(buckets, 0.4)).toBe(2);
    expect(quantileOf(buckets, 1)).toBe(3);
    expect(quantileOf([{ bound: 1, count: 0 }], 0.5)).toBeUndefined();
    expect(quantileOf([], 0.5)).toBeUndefined();
  });

  it('A counter of the client grows as the page reads it', async () => {
    const registry = new Registry();
    const counter = new Counter({ name: 'c', help: 'it', registers: [registry] });
    const before = parseMetrics(await registry.metrics());
    counter.inc(7);
    expect(rateOf({ before, after: parseMetrics(await registry.metrics()), seconds: 2 }, 'c')).toBe(3.5);
  });
});
