import { appendFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type OwnMessage, ParleyClient } from 'parley-exchange/client';
import { type BlotterEntry, TradingRecord } from './record.js';

/** What both programs are told on the command line. */
export function readOptions<Names extends Record<string, { type: 'string'; default: string }>>(more: Names) {
  const { values } = parseArgs({
    options: {
      url: { type: 'string', default: process.env.PARLEY_URL ?? 'http://127.0.0.1:7070' },
      key: { type: 'string', default: process.env.PARLEY_KEY ?? '' },
      /** A file that gets each change of an order, each fill, and in the end the positions: a line of JSON each. */
      blotter: { type: 'string', default: '' },
      ...more,
    },
  });
  return values;
}

interface TraderOptions {
  readonly url: string;
  readonly key: string;
  readonly blotter: string;
  readonly participant: string;
}

/** A participant that trades: its connection, its record, and what ends it. */
export class Trader {
  readonly record: TradingRecord;
  readonly stopping = new AbortController();
  private readonly listeners: (() => void)[] = [];
  private readonly following: Promise<void>;

  private constructor(
    readonly client: ParleyClient,
    readonly participant: string,
    record: TradingRecord,
  ) {
    this.record = record;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => this.stopping.abort());
    this.following = this.follow();
  }

  /** A server that is being started again is waited for, for minutes. */
  static async start({ url, key, blotter, participant }: TraderOptions): Promise<Trader> {
    const client = new ParleyClient({
      url,
      key: key === '' ? undefined : key,
      retry: { attempts: 1_000, maxMs: 1_000 },
    });
    const note = (entry: BlotterEntry): void => {
      if (blotter !== '') appendFileSync(blotter, `${JSON.stringify(entry)}\n`);
    };
    return new Trader(client, participant, new TradingRecord(await client.account({ participant }), note));
  }

  /** Resolves when the record shows the event at this position, such as what the exchange has answered. */
  async knows(position: number): Promise<void> {
    while (this.record.position <= position) await new Promise<void>((resolve) => this.listeners.push(resolve));
  }

  /** Withdraws what is open, and holds the record against the ledger. Resolves to the exit code. */
  async finish(): Promise<number> {
    const { client, participant, record } = this;
    const { position = 0 } = await client.withdrawMany({ participant, all: true });
    await this.knows(position - 1);
    record.notePositions();
    const differences = await record.differences(client, participant);
    const text = differences.length === 0 ? 'equals the ledger' : `differs from the ledger: ${differences.join('; ')}`;
    console.log(`${record.deals.size} deals, ${record.orders.size} open; the record ${text}`);
    return differences.length === 0 && record.orders.size === 0 ? 0 : 1;
  }

  private async follow(): Promise<void> {
    const { client, participant, record } = this;
    for await (const message of client.ownStream({ participant, from: record.position })) {
      record.apply(message satisfies OwnMessage);
      for (const tell of this.listeners.splice(0)) tell();
    }
  }
}
