/** The server under siege: with keys, instruments, and deals of one participant, to be listed. */
import fs from 'node:fs';
import path from 'node:path';
import { Server } from './server.js';

export const keys = { steady: 'steady-key-1', greedy: 'greedy-key-1', operator: 'operator-key-1' } as const;
export const symbol = 'SIEGE';

export function startTarget(folder: string, program: string | undefined): Promise<Server> {
  const keyFile = path.join(folder, 'keys.json');
  const entries = [
    { key: keys.steady, participant: 'steady' },
    { key: keys.greedy, participant: 'greedy' },
    { key: keys.operator, operator: true },
  ];
  fs.writeFileSync(keyFile, JSON.stringify({ keys: entries }), { mode: 0o600 });
  return Server.start(path.join(folder, 'data'), ['--keys', keyFile], 0, program);
}

/** Instruments to list, deals and intentions to show: what heavy reads read. */
export async function furnish(server: Server, instruments: number, deals: number): Promise<void> {
  await list(server, symbol);
  for (let at = 0; at < instruments; at += 64) {
    const some = Array.from({ length: Math.min(64, instruments - at) }, (_, index) => `I${at + index}`);
    await Promise.all(some.map((each) => list(server, each)));
  }
  const lines = Array.from({ length: deals }, (_, index) => [
    line('greedy', `b${index}`, 'buy', '10.00'),
    line('greedy', `s${index}`, 'sell', '10.00'),
  ]);
  const response = await fetch(`${server.url}/v1/intentions`, {
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

async function list({ url }: Server, instrument: string): Promise<void> {
  const response = await fetch(`${url}/v1/instruments/${instrument}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${keys.operator}`, 'content-type': 'application/json' },
    body: JSON.stringify({ tickSize: '0.01', lotSize: '1' }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${instrument} was not listed: ${response.status} ${text}`);
}
