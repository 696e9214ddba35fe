/**
 * Golden logs: what Parley has once written must stay readable permanently. `v1.bin` holds the events of a whole small log, every event of
 * the first catalogue among them, as canonical bytes one after the other; `v1.json` says what they are and what they come to.
 *
 * They are never changed. When the catalogue gets an event or a version that no golden log holds, a test fails until
 * `npx tsx test/golden/golden-log.ts` has recorded the next one beside them.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Message, MessageKind } from '../../src/domain/negotiators/mailbox.js';
import { catalogue } from '../../src/events/catalogue.js';
import { encodeEvent, type RecordedEvent } from '../../src/events/event.js';
import { replay } from '../../src/exchange/recovery/recovery.js';
import type { ShardLog } from '../../src/log/port.js';
import { MemoryLog } from '../support/log/memory-log.js';
import { around, byMessages, lose } from '../support/reference/faults.js';
import type { Step } from '../support/reference/steps.js';
import { post } from '../support/reference/steps-of.js';
import { acme, eventsIn, OPENING_MS, ExchangeHarness } from '../support/reference/exchange-harness.js';

/** What a log comes to, in numbers that keep their meaning permanently. */
export interface Outcome {
  readonly intentions: number;
  readonly deals: number;
  readonly aborted: number;
  readonly lotsDealt: number;
  /** Of each open intention: its id, its open and its filled lots. */
  readonly open: readonly (readonly [id: number, openLots: number, filledLots: number])[];
}

export interface GoldenLog {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly events: readonly RecordedEvent[];
  readonly outcome: Outcome;
  /** The names of each choice, by event, version and field, in the order of their numbers. */
  readonly choices: Readonly<Record<string, readonly string[]>>;
}

const folder = new URL('./', import.meta.url);
const named = (name: string): URL => new URL(name, folder);

export function goldenLogs(): GoldenLog[] {
  const names = readdirSync(folder).flatMap((file) => /^(v\d+)\.json$/.exec(file)?.[1] ?? []);
  return names.map((name) => {
    const told = JSON.parse(readFileSync(named(`${name}.json`), 'utf8')) as Omit<GoldenLog, 'name' | 'bytes'>; // the tests check it
    return { ...told, name, bytes: readFileSync(named(`${name}.bin`)) };
  });
}

export function currentChoices(): Record<string, readonly string[]> {
  const choices: Record<string, readonly string[]> = {};
  for (const { type, version, fields } of catalogue) {
    for (const [name, kind] of Object.entries(fields)) {
      if (typeof kind !== 'string') choices[`${type}@${version} ${name}`] = kind;
    }
  }
  return choices;
}

export async function outcomeOf(log: ShardLog): Promise<Outcome> {
  const { market } = (await replay(log)).state;
  const { intentionsPosted, dealsConfirmed, dealsAborted, lotsDealt, negotiators } = market;
  const open: [number, number, number][] = [];
  market.placeArriving();
  negotiators.forEachRow((row) => {
    open.push([negotiators.id(row), negotiators.openLots(row), negotiators.filledLots(row)]);
  });
  open.sort(([one], [other]) => one - other);
  return { intentions: intentionsPosted, deals: dealsConfirmed, aborted: dealsAborted, lotsDealt, open };
}

const BOLT = { instrument: 'BOLT' } as const;
const soon = { timeInForce: 'gtd', expiresAtMs: OPENING_MS + 500 } as const;

const quietly: readonly Step[] = [
  { kind: 'list', listing: acme },
  {
    kind: 'list',
    listing: { ...acme, symbol: 'BOLT', tickSize: '0.000001', priceRule: 'midpoint', selfTrade: 'withdrawStanding' },
  },
  { kind: 'list', listing: { ...acme, maxTicks: 2_000_000_000, priceRule: 'seller', selfTrade: 'refuseArriving' } },
  post('alice', 'sell', 101, 5),
  post('bob', 'sell', 102, 7),
  post('carol@example.org', 'buy', 103, 9, { clientId: '~'.repeat(64) }),
  post('dave', 'buy', 102, 2, { timeInForce: 'ioc' }),
  post('dave', 'buy', 102, 200, { timeInForce: 'fok' }),
  post('erin', 'buy', 99, 6, { postOnly: true }),
  post('frank', 'sell', undefined, 3),
  post('gina', 'sell', 2_000_000_000, 2_147_483_647),
  { kind: 'reduce', id: 8, participant: 'gina', byLots: 2_000_000_000 },
  { kind: 'reduce', id: 8, participant: 'gina', byLots: 1, clientCommandId: '!'.repeat(64) },
  { kind: 'replace', id: 8, participant: 'gina', priceTicks: 98, openLots: 4, clientCommandId: 'r-1' },
  { kind: 'withdraw', id: 8, participant: 'gina' },
  post('alice', 'sell', 50, 4, BOLT),
  post('alice', 'buy', 55, 6, BOLT),
  { kind: 'phase', instrument: 'BOLT', phase: 'call' },
  post('hugo', 'sell', undefined, 2, BOLT),
  post('hugo', 'sell', 54, 3, BOLT),
  post('ivan', 'buy', undefined, 9, BOLT),
  { kind: 'uncross', instrument: 'BOLT' },
  { kind: 'phase', instrument: 'BOLT', phase: 'continuous' },
  post('judy', 'sell', 300, 1, soon),
];

/** A proposal to somebody whose whole quantity is reserved already, which nobody ever makes while all goes well. */
async function declined(harness: ExchangeHarness): Promise<void> {
  await harness.play(post('kim', 'sell', 60, 5));
  await harness.play(post('lena', 'sell', 60, 5));
  const { mailbox } = harness.shard.turns;
  const other = harness.market.lastIntentionId;
  let isSent = false;
  around(mailbox, 'send', (call, [message]) => {
    call();
    if (isSent || (message as Message).kind !== MessageKind.Proposal) return;
    isSent = true;
    const announcement = mailbox.draft(MessageKind.Announcement, other, harness.market.negotiators.rowOf(other));
    mailbox.send(Object.assign(announcement, { fromId: other + 1, priceTicks: 60, lots: 5 }));
  });
  await harness.play(post('mona', 'buy', 200, 5), 'durable');
}

/** A deal that is aborted because its proposal was lost, and one because its acceptance was. */
async function aborted(harness: ExchangeHarness): Promise<void> {
  for (const message of [MessageKind.Proposal, MessageKind.Acceptance]) {
    lose(harness.shard, message);
    const answer = harness.play(post('mona', 'buy', 200, 1)); // it comes once the turn is over
    harness.advance(1_000);
    await harness.quiet();
    await answer;
  }
}

/** Limits that refuse, a halt that withdraws, a switch that is set again and then lapses, and hidden counterparties. */
async function guarded(harness: ExchangeHarness): Promise<void> {
  const { exchange } = harness;
  await exchange.list({ symbol: 'DARK', tickSize: '0.01', lotSize: '1', counterparties: 'hidden' });
  await exchange.setLimits({ participant: 'nora', instrument: 'ACME', openQuantity: '50', netPosition: '1000.5' });
  await exchange.setLimits({ participant: 'nora', intentionsPerSecond: 2 });
  for (const lots of [3, 3, 1, 1, 1]) await harness.play(post('nora', 'sell', 400, lots));
  await exchange.setLimits({ participant: 'nora', halted: true, withdraw: true });
  await harness.play(post('nora', 'sell', 400, 1));
  await exchange.setLimits({ participant: 'nora' });
  await harness.play(post('olga', 'sell', 400, 2));
  for (const withinMs of [1_000, 2_000]) await exchange.setSwitch({ participant: 'olga', withinMs });
  harness.advance(2_000);
  await harness.play(post('olga', 'sell', 400, 1), 'durable');
}

async function record(): Promise<void> {
  const log = new MemoryLog();
  const alive = setInterval(() => undefined, 1_000); // the shard's own timers keep no process alive
  const deadlines = { initiatorDeadlineMs: 1, responderDeadlineMs: 3 };
  const harness = await ExchangeHarness.open(log, { ...byMessages, ...deadlines });
  for (const [index, step] of quietly.entries()) await harness.play(step, index % 3 === 0 ? 'durable' : 'recorded');
  await declined(harness);
  await aborted(harness);
  await guarded(harness);
  await harness.close();
  const head = await log.head();
  const evidence = async () => [{ source: 'an anchor', position: head + 10 }];
  const again = await ExchangeHarness.open(log, { ...deadlines, nowMs: harness.nowMs, evidence, acceptLoss: head });
  await again.close();
  clearInterval(alive);

  const events = await eventsIn(log);
  const version = Array.from({ length: 100 }, (_, index) => `v${index + 1}`).find(
    (name) => !existsSync(named(`${name}.bin`)),
  );
  if (version === undefined) throw new Error('there are a hundred golden logs');
  writeFileSync(named(`${version}.bin`), Buffer.concat(events.map(({ event }) => encodeEvent(event))));
  const lines = events.map((event) => JSON.stringify(event)).join(',\n    ');
  const outcome = JSON.stringify(await outcomeOf(log));
  const choices = JSON.stringify(currentChoices());
  const members = [`"outcome": ${outcome}`, `"choices": ${choices}`, `"events": [\n    ${lines}\n  ]`];
  writeFileSync(named(`${version}.json`), `{\n  ${members.join(',\n  ')}\n}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await record();
