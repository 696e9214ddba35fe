/** A server of its own on a folder of its own, with keys, and something to read. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

export const keys = { operator: 'siege-operator', modest: 'siege-modest', greedy: 'siege-greedy' } as const;

export interface SiegeServer {
  readonly url: string;
  readonly process: ChildProcess;
  end(): Promise<void>;
}

/** Starts `cli` (a compiled src/cli/main.js) with these options, and waits until it listens. */
export async function startServer(cli: string, options: readonly string[] = []): Promise<SiegeServer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'parley-siege-'));
  const keyFile = path.join(folder, 'keys.json');
  const entries = [
    { key: keys.operator, operator: true },
    { key: keys.modest, participant: 'modest' },
    { key: keys.greedy, participant: 'greedy' },
  ];
  writeFileSync(keyFile, JSON.stringify({ keys: entries }), { mode: 0o600 });
  const where = ['--port', '0', '--data', path.join(folder, 'log'), '--keys', keyFile, '--log-level', 'warn'];
  const server = spawn(process.execPath, [cli, 'serve', ...where, ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(server.stdout).on('line', (line) => {
      const found = /listens on (http:\S+)/.exec(line)?.[1];
      if (found !== undefined) resolve(found);
    });
    void exited.then(() => {
      reject(new Error('the server ended before it listened'));
    });
  });
  const end = async (): Promise<void> => {
    server.kill('SIGTERM');
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
  return { url, process: server, end };
}

/** Lists ACME and lets greedy post so many intentions that stand, far from each other’s limits. */
export async function seed(url: string, intentions: number): Promise<void> {
  const listing = { tickSize: '0.01', lotSize: '1' };
  await ask(url, keys.operator, 'PUT', '/v1/instruments/ACME', 'application/json', JSON.stringify(listing));
  for (let from = 0; from < intentions; from += 10_000) {
    const count = Math.min(10_000, intentions - from);
    const lines = Array.from({ length: count }, (_, index) => post('greedy', `seed-${from + index}`, '1.00'));
    await ask(url, keys.greedy, 'POST', '/v1/intentions', 'application/x-ndjson', lines.join('\n'));
  }
}

export function post(participant: string, clientIntentionId: string, price: string): string {
  const terms = { instrument: 'ACME', side: 'buy', price, quantity: '1', timeInForce: 'gtc' };
  return JSON.stringify({ clientIntentionId, participant, ...terms });
}

async function ask(url: string, key: string, method: string, where: string, type: string, body: string): Promise<void> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': type };
  const answer = await fetch(`${url}${where}`, { method, headers, body });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${where}: ${answer.status} ${text.slice(0, 200)}`);
}
