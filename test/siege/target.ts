/** The server under siege: `parley serve` in a process of its own, with keys, instruments, and somebody's deals to list. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));

export const keys = { steady: 'steady-key-1', greedy: 'greedy-key-1', operator: 'operator-key-1' } as const;
export const symbol = 'SIEGE';

export interface Target {
  readonly port: number;
  /** Most memory that it has held since the last reset, in bytes; 0 where the system does not say. */
  peakBytes(): number;
  resetPeak(): void;
  /** Seconds of processor time so far. */
  cpuSeconds(): number;
  request(method: string, url: string, body?: object): Promise<Response>;
  stop(): Promise<void>;
}

export async function startTarget(folder: string, program = cli, more: readonly string[] = []): Promise<Target> {
  const keyFile = path.join(folder, 'keys.json');
  const entries = [
    { key: keys.steady, participant: 'steady' },
    { key: keys.greedy, participant: 'greedy' },
    { key: keys.operator, operator: true },
  ];
  fs.writeFileSync(keyFile, JSON.stringify({ keys: entries }), { mode: 0o600 });
  const args = ['serve', '--port', '0', '--data', path.join(folder, 'data'), '--keys', keyFile, '--log-level', 'error'];
  const child = spawn(process.execPath, [...process.execArgv, program, ...args, ...more], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const exited = once(child, 'exit').finally(() => process.off('exit', kill));
  const port = await new Promise<number>((resolve, reject) => {
    void exited.then(() => reject(new Error('the server ended before it listened')));
    createInterface(child.stdout).on('line', (line) => {
      const listening = /http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
      if (listening !== undefined) resolve(Number(listening));
    });
  });
  const { pid } = child;
  const request = (method: string, url: string, body?: object): Promise<Response> =>
    fetch(`http://127.0.0.1:${port}${url}`, {
      method,
      headers: { authorization: `Bearer ${keys.operator}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
  return {
    port,
    request,
    peakBytes: () => 1_024 * Number(/VmHWM:\s+(\d+)/.exec(procFile(pid, 'status'))?.[1] ?? 0),
    resetPeak: () => {
      if (process.platform === 'linux') fs.writeFileSync(`/proc/${pid}/clear_refs`, '5');
    },
    cpuSeconds: () => {
      const fields = procFile(pid, 'stat').split(') ')[1]?.split(' ') ?? [];
      return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / 100;
    },
    stop: async () => {
      child.kill('SIGTERM');
      const timer = setTimeout(kill, 20_000);
      await exited;
      clearTimeout(timer);
    },
  };
}

function procFile(pid: number | undefined, name: string): string {
  try {
    return fs.readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return ''; // not Linux, or it has ended
  }
}

/** Instruments to list, deals and intentions to show: what heavy reads read. */
export async function furnish(target: Target, instruments: number, deals: number): Promise<void> {
  const terms = { tickSize: '0.01', lotSize: '1' };
  await mustBeFine(await target.request('PUT', `/v1/instruments/${symbol}`, terms));
  for (let at = 0; at < instruments; at += 64) {
    const some = Array.from({ length: Math.min(64, instruments - at) }, (_, index) => `I${at + index}`);
    await Promise.all(
      some.map(async (each) => mustBeFine(await target.request('PUT', `/v1/instruments/${each}`, terms))),
    );
  }
  const lines = Array.from({ length: deals }, (_, index) => [
    line('greedy', `b${index}`, 'buy', '10.00'),
    line('greedy', `s${index}`, 'sell', '10.00'),
  ]);
  const response = await fetch(`http://127.0.0.1:${target.port}/v1/intentions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${keys.greedy}`, 'content-type': 'application/x-ndjson' },
    body: lines.flat().join('\n'),
  });
  const answers = await response.text();
  if (/"status":(?!201)/.test(answers)) throw new Error(`not all was posted: ${answers.slice(0, 300)}`);
}

export function line(participant: string, id: string, side: 'buy' | 'sell', price: string): string {
  const fields = { clientIntentionId: id, participant, instrument: symbol, side, price, quantity: '1' };
  return JSON.stringify(fields);
}

async function mustBeFine(response: Response): Promise<void> {
  if (!response.ok) throw new Error(`${response.url} was answered ${response.status}: ${await response.text()}`);
  await response.arrayBuffer();
}
