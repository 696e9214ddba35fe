/** What keeps the log: how a server finds it, and how it is made to stand still or die. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { startLocalKafka } from '../../../infra/kafka/local/local-kafka.js';
import { compileDisk, missingCompiler } from '../../crash/disk/compile.js';
import { FaultPage } from '../../crash/disk/fault-page.js';
import { ended } from '../../support/cli/parley.js';
import type { LogKind } from '../options.js';

export interface HistoryTarget {
  /** Options of `parley serve`, and what its environment needs. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Lets it answer nothing, until `wake`; undefined where that cannot be done on this machine. */
  readonly fallSilent: (() => void) | undefined;
  readonly wake: () => void;
  /** Kills it and starts it again; undefined where it is no process, or keeps nothing. */
  readonly restart: (() => Promise<void>) | undefined;
  readonly end: () => Promise<void>;
}

/** So long a slow log is borne with, as in service. */
const PATIENCE_S = '6';
/** Longer than any silence. */
const SILENT_SYNC_MICROS = 1_500_000;

export function openHistoryTarget(kind: LogKind, folder: string): Promise<HistoryTarget> {
  switch (kind) {
    case 'embedded':
      return Promise.resolve(embedded(folder));
    case 'kafka':
      return kafka(folder);
    case 'eventstoredb':
      return eventStoreDb(folder);
  }
}

/** On a disk whose syncs take as long as a test says, where there is a compiler to make it of. */
function embedded(folder: string): HistoryTarget {
  const data = path.join(folder, 'data');
  const args = ['--data', data];
  const nothing = { args, env: {}, wake: () => undefined, restart: undefined, end: () => Promise.resolve() };
  if (missingCompiler() !== undefined) return { ...nothing, fallSilent: undefined };
  const journals = path.join(folder, 'journals');
  fs.mkdirSync(journals);
  fs.mkdirSync(data);
  const page = path.join(folder, 'faults');
  const faults = new FaultPage(page);
  const env = {
    ...{ LD_PRELOAD: compileDisk(), PARLEY_DISK_FOLDER: data, PARLEY_DISK_JOURNAL: journals, PARLEY_DISK_FAULTS: page },
    UV_USE_IO_URING: '0',
  };
  return {
    ...{ ...nothing, env },
    fallSilent: () => faults.set({ syncMicros: SILENT_SYNC_MICROS }),
    wake: () => faults.set({ syncMicros: 0 }),
  };
}

async function kafka(folder: string): Promise<HistoryTarget> {
  const broker = await startLocalKafka({ nodes: 1, folder: path.join(folder, 'kafka') });
  const node = broker.node(1);
  const where = ['--log', 'kafka', '--brokers', broker.brokers.join(','), '--topic', 'history', '--shards', '1'];
  return {
    args: [...where, '--data', path.join(folder, 'data')],
    env: { PARLEY_PATIENCE_S: PATIENCE_S },
    fallSilent: () => node.signal('SIGSTOP'),
    wake: () => node.signal('SIGCONT'),
    restart: async () => {
      await node.kill();
      await node.start();
    },
    end: () => node.kill(),
  };
}

/** The stand-in, in a process of its own. It keeps nothing, so that it is never killed. */
async function eventStoreDb(folder: string): Promise<HistoryTarget> {
  const program = path.join(import.meta.dirname, '../../support/eventstoredb/main.js');
  const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
  // However this process ends.
  process.once('exit', () => child.kill('SIGKILL'));
  const connection = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').once('data', (text: string) => resolve(text.trim()));
    ended(child).then((code) => reject(new Error(`the stand-in for EventStoreDB ended with ${code}`)), reject);
  });
  const where = ['--log', 'eventstoredb', '--connection', connection, '--topic', 'history'];
  return {
    args: [...where, '--data', path.join(folder, 'data')],
    env: { PARLEY_PATIENCE_S: PATIENCE_S },
    fallSilent: () => void child.kill('SIGSTOP'),
    wake: () => void child.kill('SIGCONT'),
    restart: undefined,
    end: async () => {
      child.kill('SIGKILL');
      await ended(child);
    },
  };
}
