/**
 * The clients of a history, as a program of their own that needs nothing but the network. What is done to those whom they ask is done by
 * somebody else, who steers them in lines of JSON on stdin; they tell of it on stdout.
 *
 * 1. `begin`: instruments are listed, clients ask (`begun`). They say that it is `enough` once everything has been asked, and has
 *    happened, at least once.
 * 2. `rest`: nobody asks any more, and nothing is waited for (`rested`).
 * 3. `end`: all that they ask serves by now. What was not answered is posted again, everything is looked at through each of them, and
 *    the history is told (`ended`).
 * 4. When stdin ends, so do they.
 */
import { once } from 'node:events';
import readline from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../support/patience.js';
import { type History, isCommand, type LogEvent, type Operation, positionIn } from '../checker/history.js';
import { notYetSeen } from '../report.js';
import { linesOf } from './history-file.js';
import { Lanes } from './lanes.js';
import type { BeginClients, FromClients, ToClients } from './messages.js';
import { Recorder } from './recorder.js';

/** Of a thousand posts that were answered, so many are asked again in the end. */
const REPEATED_OF_THOUSAND = 100;
const LOOK_EACH_MS = 500;
const FEED_QUIET_MS = 20_000;
const FEED_TRIES = 5;

class Clients {
  private readonly recorder: Recorder;
  private readonly lanes: Lanes;
  private running: Promise<void> = Promise.resolve();
  private isOver = false;

  constructor({ urls, key, ...options }: BeginClients) {
    this.recorder = new Recorder(urls, key);
    this.lanes = new Lanes(this.recorder, options);
  }

  async begin(): Promise<void> {
    await this.lanes.open();
    this.running = this.lanes.run();
    void this.tellOfEnough();
  }

  async rest(): Promise<void> {
    this.isOver = true;
    this.lanes.end();
    await this.running;
  }

  async end(): Promise<History> {
    const { recorder, lanes } = this;
    const members = Array.from({ length: recorder.members }, (_, member) => member);
    for (const member of members) await until(`member ${member} serves`, () => recorder.isReady(member));
    await lanes.repeat(REPEATED_OF_THOUSAND);
    let position = lastAcknowledged(recorder.operations) + 1;
    for (const member of members) position = Math.max(position, await lanes.lookAtAll(member));
    let log: readonly LogEvent[] = [];
    for (const member of members) {
      const told = await this.wholeLog(member, position);
      // Meanwhile something may have fallen due.
      if (told.length > log.length) log = told;
    }
    recorder.end();
    return { operations: recorder.operations, log };
  }

  /** All events before a position, and perhaps some more: what fell due in the meantime. */
  private async wholeLog(member: number, position: number): Promise<readonly LogEvent[]> {
    const log: LogEvent[] = [];
    for (let tries = 0; log.length < position && tries < FEED_TRIES; tries++) {
      const wish = { most: position - log.length, quietMs: FEED_QUIET_MS };
      log.push(...(await this.recorder.follow(log.length, wish, { member })));
    }
    return log;
  }

  private async tellOfEnough(): Promise<void> {
    while (!this.isOver && notYetSeen(this.recorder.operations).length > 0) await sleep(LOOK_EACH_MS);
    if (!this.isOver) await tell({ state: 'enough' });
  }
}

/** The highest position that an answer to a command has carried. */
function lastAcknowledged(operations: readonly Operation[]): number {
  return operations.reduce((last, one) => (isCommand(one) ? Math.max(last, positionIn(one.reply) ?? 0) : last), 0);
}

/** Resolves once there is room for more: a history is long. */
async function tell(said: FromClients): Promise<void> {
  if (process.stdout.write(`${JSON.stringify(said)}\n`)) return;
  await once(process.stdout, 'drain');
}

let clients: Clients | undefined;

async function take(message: ToClients): Promise<void> {
  if ('begin' in message) {
    clients = new Clients(message.begin);
    await clients.begin();
    await tell({ state: 'begun' });
  } else if ('rest' in message) {
    await clients?.rest();
    await tell({ state: 'rested' });
  } else if (clients !== undefined) {
    for (const line of linesOf(await clients.end())) await tell(line);
    await tell({ state: 'ended' });
  }
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  await take(JSON.parse(line) as ToClients); // its other half is clients.ts
}
process.exit();
