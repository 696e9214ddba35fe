import fs from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import type { Part } from './part.js';
import { Durations, rounded } from './statistics.js';

const PROBES = 1_000;
const PROBE_BYTES = 4_096;
const TMPFS = 0x0102_1994;

/** What it runs on, and how long one small append takes there to be durable. */
export const machine: Part = async ({ folder, quick }) => {
  if (fs.statfsSync(folder).type === TMPFS)
    throw new Error(`${folder} is in memory: choose a folder on a disk by --folder`);
  const cpus = os.cpus();
  const [p50, p99] = probe(join(folder, 'probe'), quick ? 100 : PROBES);
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch} ${os.release()}`,
    cpu: cpus[0]?.model.trim() ?? 'unknown',
    cpus: cpus.length,
    loadAverage: rounded(os.loadavg()[0] ?? 0, 3),
    memoryGigabytes: rounded(os.totalmem() / 1e9, 3),
    fdatasync4KiBMs: { p50, p99 },
  };
};

function probe(path: string, probes: number): (number | undefined)[] {
  const bytes = new Uint8Array(PROBE_BYTES).fill(0x55);
  const durations = new Durations();
  const fd = fs.openSync(path, 'w');
  try {
    for (let index = 0; index < probes; index++) {
      const from = performance.now();
      fs.writeSync(fd, bytes, 0, bytes.length, index * PROBE_BYTES);
      fs.fdatasyncSync(fd);
      durations.add(performance.now() - from);
    }
  } finally {
    fs.closeSync(fd);
    fs.rmSync(path);
  }
  return durations.percentiles([0.5, 0.99]).map((value) => rounded(value, 3));
}
