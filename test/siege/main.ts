/** `npm run siege`: measures how a well-behaved client is served while another client is greedy. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ExitCode, numberIn, optionsIn, runRig, say, UsageError } from '../support/rig.js';
import { attacks } from './attacks/all.js';
import { behave, type Times } from './steady.js';
import type { Server } from './server.js';
import { furnish, keys, startTarget } from './target.js';

const usage = `npm run siege -- [options]

Somebody posts 200 intentions a second, and asks every 25 ms whether the server is alive, for a while alone and for a while beside an
attack, by turns; printed is what that feels like, and what the attack got done. Attackers run at the lowest priority: theirs would be
machines of their own, and here they have what the server and who behaves leave of the processors.

  --seconds N       how long each lasts (10)
  --rounds N        how often each is done, alone and beside (1)
  --attack NAME     only this one; may be given several times: ${Object.keys(attacks).join(', ')}, all
  --instruments N   how many are listed before (2000)
  --deals N         how many are made before (2000)
  --program FILE    another build's src/cli/main.js to try
  --json            as JSON, one line
  --help            this
`;

interface Felt {
  readonly postMs: Quantiles;
  readonly liveMs: Quantiles;
  readonly refused: number;
  readonly peakMegabytes: number;
}
interface Quantiles {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}
interface Line {
  readonly attack: string;
  readonly alone: Felt;
  readonly beside: Felt;
  readonly got: Readonly<Record<string, string>>;
}

const POSTS_PER_SECOND = 200;

interface Siege {
  readonly seconds: number;
  readonly rounds: number;
  readonly names: readonly string[];
  readonly isJson: boolean;
}

async function main(args: readonly string[]): Promise<number> {
  const given = optionsIn(args, {
    ...{ json: { type: 'boolean' }, attack: { type: 'string', multiple: true } },
    ...{ seconds: { type: 'string', default: '10' }, rounds: { type: 'string', default: '1' } },
    ...{ instruments: { type: 'string', default: '2000' }, deals: { type: 'string', default: '2000' } },
    program: { type: 'string' },
  });
  const names = given.attack ?? [...Object.keys(attacks), 'all'];
  for (const name of names) {
    if (name !== 'all' && !Object.hasOwn(attacks, name)) throw new UsageError(`there is no attack ${name}`);
  }
  const seconds = numberIn('--seconds', given.seconds, 600);
  const rounds = numberIn('--rounds', given.rounds, 100);
  const instruments = numberIn('--instruments', given.instruments, 1_000_000, 0);
  const deals = numberIn('--deals', given.deals, 1_000_000, 0);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'parley-siege-'));
  try {
    const target = await startTarget(folder, given.program);
    try {
      await furnish(target, instruments, deals);
      await besiege(target, { seconds, rounds, names, isJson: given.json === true });
    } finally {
      await target.end('SIGTERM');
    }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
  return ExitCode.Fine;
}

async function besiege(target: Server, { seconds, rounds, names, isJson }: Siege): Promise<void> {
  const lines: Line[] = [];
  await feel(target, Math.min(2, seconds)); // until all is warm
  for (const name of names) {
    const alone: Felt[] = [];
    const beside: Felt[] = [];
    let got: Readonly<Record<string, string>> = {};
    for (let round = 0; round < rounds; round++) {
      alone.push(await feel(target, seconds));
      const attackers = await Promise.all(
        (name === 'all' ? Object.keys(attacks) : [name]).map((each) => attack(target, each)),
      );
      beside.push(await feel(target, seconds));
      got = Object.fromEntries(await Promise.all(attackers.map((end) => end(seconds))));
      await settled(target);
    }
    const line = { attack: name, alone: middle(alone), beside: middle(beside), got };
    lines.push(line);
    if (!isJson) print(line);
  }
  if (isJson) say(JSON.stringify(lines));
}

/** Until what an attack left under way is done with. */
async function settled(target: Server): Promise<void> {
  const from = performance.now();
  while (performance.now() - from < 60_000) {
    const before = target.cpuSeconds();
    await new Promise((resolve) => setTimeout(resolve, 500));
    if (target.cpuSeconds() - before < 0.1) return;
  }
}

async function feel(target: Server, seconds: number): Promise<Felt> {
  target.resetPeak();
  const times = await behave(target, seconds, POSTS_PER_SECOND);
  return { ...quantilesOf(times), refused: times.refused, peakMegabytes: target.peakMegabytes() };
}

function quantilesOf({ posts, liveness }: Times): Pick<Felt, 'postMs' | 'liveMs'> {
  const [postMs, liveMs] = [posts, liveness].map((times): Quantiles => {
    const sorted = times.toSorted((one, other) => one - other);
    const at = (part: number): number => Number((sorted[Math.floor(part * (sorted.length - 1))] ?? 0).toFixed(1));
    return { p50: at(0.5), p99: at(0.99), max: at(1) };
  }) as [Quantiles, Quantiles]; // one for each of the two
  return { postMs, liveMs };
}

/** That round whose posts were in the middle. */
function middle(felt: readonly Felt[]): Felt {
  const sorted = felt.toSorted((one, other) => one.postMs.p99 - other.postMs.p99);
  return sorted[Math.floor(sorted.length / 2)] as Felt; // there is one at least
}

/** Begins an attack; the function that it returns ends it, and tells its name and what it got done a second. */
async function attack({ port }: Server, name: string): Promise<(seconds: number) => Promise<[string, string]>> {
  const where = JSON.stringify({ port, greedyKey: keys.greedy, operatorKey: keys.operator });
  const program = fileURLToPath(new URL('./attacker.js', import.meta.url));
  const child: ChildProcess = fork(program, [name, where], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  if (child.pid !== undefined) os.setPriority(child.pid, os.constants.priority.PRIORITY_LOW);
  await once(child, 'message');
  return async (seconds) => {
    child.send('enough');
    const [{ done }] = (await once(child, 'message')) as [{ done: number }]; // attacker.ts sends it
    return [name, `${Math.round(done / seconds)} ${attacks[name]?.unit ?? ''}/s`];
  };
}

function print({ attack: name, alone, beside, got }: Line): void {
  const row = ({ postMs, liveMs, refused, peakMegabytes }: Felt): string =>
    `POST p50 ${postMs.p50} p99 ${postMs.p99} max ${postMs.max} ms, live p50 ${liveMs.p50} p99 ${liveMs.p99} max ${liveMs.max} ms, ` +
    `${refused} refused, peak ${peakMegabytes} MB`;
  say(`${name}\n  alone:  ${row(alone)}\n  beside: ${row(beside)}`);
  say(
    `  POST p99 × ${(beside.postMs.p99 / alone.postMs.p99).toFixed(1)}, memory + ${beside.peakMegabytes - alone.peakMegabytes} MB`,
  );
  for (const [each, what] of Object.entries(got)) say(`  ${each} got ${what}`);
}

await runRig('siege', usage, main);
