import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../../../src/cli/main.js', import.meta.url));
const STOP_MS = 15_000;

export interface ServerProcess {
  readonly port: number;
  stop(): Promise<void>;
}

/** `parley serve` as anybody would run it: a process of its own, on a free port of this machine, with a fresh log. */
export function startServerProcess(folder: string): Promise<ServerProcess> {
  const args = [cli, 'serve', '--port', '0', '--data', folder, '--log-level', 'error'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const kill = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', kill);
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => {
      process.off('exit', kill);
      resolve();
    });
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const timer = setTimeout(kill, STOP_MS);
    await ended;
    clearTimeout(timer);
  };
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    void ended.then(() => {
      reject(new Error('the server ended before it listened'));
    });
    createInterface(child.stdout).on('line', (line) => {
      const port = /http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
      if (port !== undefined) resolve({ port: Number(port), stop });
    });
  });
}

/** Lists the instrument that the load is about. */
export async function listInstrument(port: number, symbol: string): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}/v1/instruments/${symbol}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ tickSize: '1', lotSize: '1' }),
  });
  if (!response.ok) throw new Error(`the instrument was not listed: ${response.status} ${await response.text()}`);
}
