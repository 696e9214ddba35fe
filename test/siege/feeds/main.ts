/** `npm run siege:feeds`: measures how a client's posts are served while many feeds follow the log, and whether each feed gets all of it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExitCode, numberIn, optionsIn, runRig, say, UsageError } from '../../support/rig.js';
import type { Wanted } from './listener.js';
import { Server } from '../server.js';
import { type Helper, startHelper } from './talk.js';

const usage = `npm run siege:feeds -- [options]

Posts at an even rate, alone and beside many feeds, by turns. Some feeds are checked: nothing may be missing or come twice.

  --scenario NAME   only this one: single (feeds of one intention each), whole (feeds of everything, half of them unread), killed
                    (both, fewer, and the server is killed meanwhile), old (the same from the log's beginning on)
  --single N        how many feeds of one intention (10000)
  --whole N         how many feeds of everything (1000)
  --rate N          posts a second (1000)
  --seconds N       how long each measurement lasts (10)
  --rounds N        how often each is done, alone and beside (2)
  --program FILE    another build's src/cli/main.js to try
  --json            as JSON, one line a measurement
  --help            this
`;

type Scenario = 'single' | 'whole' | 'killed' | 'old';
const scenarios: readonly Scenario[] = ['single', 'whole', 'killed', 'old'];

interface Plan {
  readonly single: number;
  readonly whole: number;
  readonly rate: number;
  readonly seconds: number;
  readonly rounds: number;
  readonly program: string | undefined;
  readonly isJson: boolean;
}

const CHECKED = 100;
const LIVE_EACH_MS = 25;
const WARM_SECONDS = 2;
const SETTLING_MS = 120_000;
const SOME_SHARE = 10;
const LINES_A_REQUEST = 1_000;
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function main(args: readonly string[]): Promise<number> {
  const given = optionsIn(args, {
    ...{
      json: { type: 'boolean' },
      program: { type: 'string' },
      scenario: { type: 'string' },
    },
    ...{ single: { type: 'string', default: '10000' }, whole: { type: 'string', default: '1000' } },
    ...{ rate: { type: 'string', default: '1000' }, seconds: { type: 'string', default: '10' } },
    rounds: { type: 'string', default: '2' },
  });
  const { scenario, program, json: isJson = false } = given;
  const wanted = scenario === undefined ? scenarios : scenarios.filter((name) => name === scenario);
  if (wanted.length === 0) throw new UsageError(`there is no scenario ${scenario}`);
  const plan: Plan = {
    single: numberIn('--single', given.single, 20_000),
    whole: numberIn('--whole', given.whole, 10_000),
    rate: numberIn('--rate', given.rate, 100_000),
    seconds: numberIn('--seconds', given.seconds, 600),
    rounds: numberIn('--rounds', given.rounds, 100),
    ...{ program, isJson },
  };
  let wrongs = 0;
  for (const name of wanted) wrongs += await inFolder((folder) => besiege(name, plan, folder));
  return wrongs === 0 ? ExitCode.Fine : ExitCode.Violated;
}

async function inFolder(work: (folder: string) => Promise<number>): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-siege-feeds-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Returns how much was wrong. */
async function besiege(scenario: Scenario, plan: Plan, folder: string): Promise<number> {
  const bounds = plan.program === undefined ? ['--max-feeds', '65536'] : [];
  const server = await Server.start(folder, bounds, 0, plan.program);
  const [posting, listening] = await Promise.all([startHelper('posting'), startHelper('listening')]);
  const siege = new Siege(scenario, plan, { folder, bounds, posting, listening }, server);
  try {
    return await siege.run();
  } finally {
    posting.end();
    listening.end();
    await siege.end();
  }
}

interface Parts {
  readonly folder: string;
  readonly bounds: readonly string[];
  readonly posting: Helper;
  readonly listening: Helper;
}

class Siege {
  private readonly intentions: string[] = [];

  constructor(
    private readonly scenario: Scenario,
    private readonly plan: Plan,
    private readonly parts: Parts,
    private server: Server,
  ) {}

  async run(): Promise<number> {
    await this.furnish();
    await this.post(WARM_SECONDS);
    let wrongs = 0;
    for (let round = 0; round < this.plan.rounds; round++) {
      await this.measure('alone');
      const head = await this.head();
      const openedMs = performance.now();
      const from = this.scenario === 'old' ? 0 : head;
      const { refused = 0 } = await this.parts.listening.ask({ open: this.wanted(from) });
      if (from > 0) await this.settle();
      this.tell({ what: 'opened', seconds: (performance.now() - openedMs) / 1_000, refused });
      await this.measure('beside', this.scenario === 'killed' ? () => this.kill() : undefined);
      wrongs += await this.check();
      await this.parts.listening.ask({ close: true });
      await this.settle();
    }
    return wrongs;
  }

  async end(): Promise<void> {
    await this.server.end('SIGTERM');
  }

  /** Enough that stands for all that is posted to deal with, so that each intention has its share of what happens. */
  private async furnish(): Promise<void> {
    const { url } = this.server;
    const terms = { tickSize: '0.01', lotSize: '1' };
    const json = { 'content-type': 'application/json' };
    await fetch(`${url}/v1/instruments/SIEGE`, { method: 'PUT', headers: json, body: JSON.stringify(terms) });
    const { single, rate, seconds, rounds } = this.plan;
    if (this.scenario === 'whole') return;
    const lots = 1 + Math.ceil((rate * (2 * rounds * seconds + WARM_SECONDS)) / single);
    for (let at = 0; at < single; at += LINES_A_REQUEST) {
      const count = Math.min(LINES_A_REQUEST, single - at);
      const fields = {
        participant: 'seller',
        instrument: 'SIEGE',
        side: 'sell',
        price: '10.00',
        quantity: String(lots),
      };
      const lines = Array.from({ length: count }, (_, index) =>
        JSON.stringify({ clientIntentionId: `s${at + index}`, ...fields }),
      );
      const headers = { 'content-type': 'application/x-ndjson' };
      const answer = await fetch(`${url}/v1/intentions`, { method: 'POST', headers, body: lines.join('\n') });
      const text = await answer.text();
      this.intentions.push(...[...text.matchAll(/"status":201,"id":"(\d+)"/g)].map(([, id]) => `intention-${id}`));
    }
    if (this.intentions.length !== single) throw new Error(`only ${this.intentions.length} intentions stand`);
  }

  private wanted(from: number): readonly Wanted[] {
    const { port } = this.server;
    const { scenario, plan } = this;
    const reference: Wanted = { port, from, isUnread: false, isChecked: true };
    const isSome = scenario === 'killed' || scenario === 'old';
    const whole = scenario === 'single' ? 0 : isSome ? Math.ceil(plan.whole / SOME_SHARE) : plan.whole;
    const single = isSome ? Math.ceil(plan.single / SOME_SHARE) : scenario === 'single' ? plan.single : 0;
    const eachChecked = Math.max(1, Math.floor(Math.max(whole / 10, single) / CHECKED));
    return [
      reference,
      ...Array.from({ length: whole }, (_, at): Wanted => {
        const isUnread = at % 2 === 1;
        return { port, from, isUnread, isChecked: !isUnread && at % (10 * eachChecked) === 0 };
      }),
      ...this.intentions
        .slice(0, single)
        .map((stream, at): Wanted => ({ port, from, stream, isUnread: false, isChecked: at % eachChecked === 0 })),
    ];
  }

  private async measure(what: string, meanwhile?: () => Promise<void>): Promise<void> {
    this.server.resetPeak();
    const cpu = this.server.cpuSeconds();
    const over = new AbortController();
    const liveness = this.askLiveness(over.signal);
    const disturbance = meanwhile?.();
    const times = await this.post(this.plan.seconds);
    await disturbance;
    over.abort();
    const live = (await liveness).toSorted((one, other) => one - other);
    this.tell({
      ...{ what, ...times },
      ...{ liveP99: live[Math.floor(0.99 * (live.length - 1))] ?? 0, liveMax: live.at(-1) ?? 0 },
      ...{ peakMegabytes: this.server.peakMegabytes(), cpu: this.server.cpuSeconds() - cpu },
      cut: await this.server.metric('parley_feeds_cut_total'),
    });
  }

  private post(seconds: number): Promise<Readonly<Record<string, number>>> {
    const { port } = this.server;
    const dealing = this.scenario === 'whole' ? 0 : 1;
    return this.parts.posting.ask({ port, perSecond: this.plan.rate, seconds, dealing });
  }

  private async askLiveness(signal: AbortSignal): Promise<number[]> {
    const times: number[] = [];
    const under: Promise<void>[] = [];
    while (!signal.aborted) {
      const fromMs = performance.now();
      const asked = fetch(`${this.server.url}/health/live`).then((answer) => answer.text());
      under.push(
        asked.then(
          () => void times.push(performance.now() - fromMs),
          () => undefined, // it has been killed
        ),
      );
      await wait(LIVE_EACH_MS);
    }
    await Promise.all(under);
    return times;
  }

  private async kill(): Promise<void> {
    const { folder, bounds } = this.parts;
    await wait((this.plan.seconds * 1_000) / 2);
    const { port } = this.server;
    await this.server.end('SIGKILL');
    this.server = await Server.start(folder, bounds, port, this.plan.program);
  }

  private async check(): Promise<number> {
    const fromMs = performance.now();
    const told = await this.parts.listening.ask({ check: { until: await this.head() } });
    this.tell({ what: 'checked', seconds: (performance.now() - fromMs) / 1_000, ...told });
    return (told.missing ?? 0) + (told.wrong ?? 0);
  }

  private async head(): Promise<number> {
    return this.server.metric('parley_log_durable_position');
  }

  private async settle(): Promise<void> {
    const untilMs = performance.now() + SETTLING_MS;
    for (let before = -1; this.server.cpuSeconds() - before > 0.1 && performance.now() < untilMs;) {
      before = this.server.cpuSeconds();
      await wait(500);
    }
  }

  private tell(figures: Readonly<Record<string, number | string>>): void {
    const rounded = Object.entries(figures).map(([name, value]) => [
      name,
      typeof value === 'number' ? Number(value.toFixed(1)) : value,
    ]);
    const { isJson } = this.plan;
    if (isJson) say(JSON.stringify({ scenario: this.scenario, ...(Object.fromEntries(rounded) as object) }));
    else
      say(
        `${this.scenario}: ${rounded.map(([name, value]) => (name === 'what' ? value : `${name} ${value}`)).join(', ')}`,
      );
  }
}

await runRig('siege:feeds', usage, main);
