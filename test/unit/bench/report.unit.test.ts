import { expect, it } from 'vitest';
import { assemble, markdownTable, textTable } from '../../bench/report.js';

const machine = {
  ...{ node: 'v20.0.0', platform: 'linux', cpu: 'Some', cpus: 2, memoryGigabytes: 8, loadAverage: 0 },
  fdatasync4KiBMs: { p50: 0.2, p99: 1 },
};

it('The report puts latency under what is durable and relates the durable rate to the peer’s', () => {
  const report = assemble({
    ...{ machine, latency: { default: 'overlapped' }, durable: { intentionsPerSecond: 900_000 } },
    peer: { nodejsOrderBook: { ordersPerSecond: 200_000 } },
  });
  expect(report).toMatchObject({
    durable: { intentionsPerSecond: 900_000, latencyMs: { default: 'overlapped' } },
    peer: { ratio: 4.5 },
  });
});

it('The report has no ratio and no rows for parts that did not run', () => {
  const report = assemble({ machine, engine: { intentionsPerSecond: 2_345_678 } });
  expect(Object.keys(report)).toEqual(['machine', 'engine']);
  expect(textTable(report).split('\n')[2]).toMatch(/^Engine alone.* 2\.35 million\/s$/);
  expect(markdownTable(report)).toContain('| 2.35 million/s |');
});

it('The report shows the page’s figures, and of one that was skipped none', () => {
  const page = { firstViewMs: 812.34, framesPerSecond: 60, log: { framesPerSecond: 59.94 }, dragMsP95: 71 };
  expect(assemble({ machine, page })).toMatchObject({ page });
  expect(markdownTable(assemble({ machine, page }))).toMatch(/p95 \| 71 ms \|/);
  const skipped = assemble({ machine, page: { skipped: 'there is no Chromium here' } });
  expect(markdownTable(skipped)).not.toMatch(/first view|frames|slider/);
});
