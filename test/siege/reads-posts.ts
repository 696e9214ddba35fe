/** A well-behaved participant: posts at a steady rate, whatever the answers take, and notes how long each took from when it was due. */
import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { keys, post } from './reads-market.js';

export interface Latencies {
  readonly count: number;
  readonly failed: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export async function postSteadily(url: string, perSecond: number, seconds: number, name: string): Promise<Latencies> {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const took: number[] = [];
  let failed = 0;
  const startMs = performance.now();
  const underWay: Promise<void>[] = [];
  for (let index = 0; index < perSecond * seconds; index++) {
    const dueMs = startMs + (1_000 * index) / perSecond;
    const leftMs = dueMs - performance.now();
    if (leftMs > 0) await delay(leftMs);
    const sent = send(agent, url, post('modest', `${name}-${index}`, '1.00')).then((isDone) => {
      if (isDone) took.push(performance.now() - dueMs);
      else failed++;
    });
    underWay.push(sent);
  }
  await Promise.all(underWay);
  agent.destroy();
  return { ...summaryOf(took), failed };
}

/** Of milliseconds. */
export function summaryOf(took: number[]): Omit<Latencies, 'failed'> {
  took.sort((one, other) => one - other);
  const at = (share: number): number => took[Math.min(took.length - 1, Math.floor(share * took.length))] ?? Number.NaN;
  return { count: took.length, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) };
}

function send(agent: Agent, url: string, body: string): Promise<boolean> {
  return new Promise((resolve) => {
    const headers = { authorization: `Bearer ${keys.modest}`, 'content-type': 'application/json' };
    const sent = request(`${url}/v1/intentions`, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.once('end', () => {
        resolve(response.statusCode === 201);
      });
    });
    sent.once('error', () => {
      resolve(false);
    });
    sent.end(body);
  });
}
