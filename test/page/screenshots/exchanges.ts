/** The exchanges that are photographed, and what there is to be seen on them. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { built, parley } from '../../support/cli/parley.js';
import { Serving } from '../../support/cli/serving.js';
import { ParleyClient } from '../../../src/client/client.js';
import type { Deal, Intention } from '../../../src/client/types.js';
import { tradeInto } from '../support/demo-folder.js';

const MINUTES = 40;

/** `busy`: made-up traders trade. `new`: without an instrument. `keyed`: busy, and asks for a key. `leaving`: is killed while one looks. */
export type Kind = 'busy' | 'new' | 'keyed' | 'leaving';

/** What the addresses of the shots name. */
export interface Facts {
  readonly url: string;
  /** A deal of continuous trading, of an intention that has several. */
  readonly deal: string;
  /** One that was filled in several deals. */
  readonly intention: string;
  /** A moment in the middle of the handshake of `deal`: its decision is the next event. */
  readonly undecided: number;
  readonly participantKey: string;
  readonly operatorKey: string;
  /** The log, exported; and the same with one price that somebody has changed since. */
  readonly file: string;
  readonly changedFile: string;
}

export class Exchanges {
  private readonly servers = new Map<Kind, Serving>();
  private facts: Omit<Facts, 'url'> | undefined;

  private constructor(private readonly folder: string) {}

  /** Lets the market trade, which takes some seconds. */
  static async open(): Promise<Exchanges> {
    await built();
    const exchanges = new Exchanges(mkdtempSync(path.join(os.tmpdir(), 'parley-screenshots-')));
    await tradeInto(exchanges.path('busy'), MINUTES);
    return exchanges;
  }

  /** Starts it where it does not run. */
  async factsOf(kind: Kind): Promise<Facts> {
    this.facts ??= await this.look();
    return { ...this.facts, url: (await this.serving(kind)).url };
  }

  /** Kills a server; the next one who asks gets another. */
  async kill(kind: Kind): Promise<void> {
    await this.servers.get(kind)?.end('SIGKILL');
    this.servers.delete(kind);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async serving(kind: Kind): Promise<Serving> {
    const running = this.servers.get(kind);
    if (running !== undefined) return running;
    if (kind === 'keyed' || kind === 'leaving') cpSync(this.path('copied'), this.path(kind), { recursive: true });
    const keys = kind === 'keyed' ? ['--keys', this.path('keys.json')] : [];
    const demo = kind === 'new' ? [] : ['--demo'];
    const started = await Serving.start(...demo, '--data', this.path(kind), ...keys);
    this.servers.set(kind, started);
    return started;
  }

  /** Finds what the shots name, and makes keys and files. */
  private async look(): Promise<Omit<Facts, 'url'>> {
    cpSync(this.path('busy'), this.path('copied'), { recursive: true });
    const [operatorKey, participantKey] = [await this.key('operator'), await this.key('participant', 'maya')];
    const { file, changedFile } = await this.files();
    const client = new ParleyClient({ url: (await this.serving('busy')).url });
    const intentions = await client.intentions({ participant: 'pat' });
    const [intention, deal] = await firstThatHasSeveral(client, intentions);
    const undecided = deal.position;
    return {
      deal: deal.id,
      intention: intention.id,
      undecided,
      operatorKey,
      participantKey,
      file,
      changedFile,
    };
  }

  private async key(role: string, participant?: string): Promise<string> {
    const whose = participant === undefined ? ['--name', 'desk'] : ['--participant', participant];
    const { stdout } = await parley(['keys', 'add', '--file', this.path('keys.json'), '--role', role, ...whose]);
    return stdout.trim();
  }

  private async files(): Promise<Pick<Facts, 'file' | 'changedFile'>> {
    const [file, changedFile] = [this.path('day.jsonl'), this.path('changed.jsonl')];
    await parley(['log', 'export', file, '--data', this.path('copied')]);
    const text = readFileSync(file, 'utf8');
    const decision = text.lastIndexOf('"type":"DealConfirmed"');
    const changed = text
      .slice(decision)
      .replace(/"quantityLots":(\d+)/, (_, lots: string) => `"quantityLots":${Number(lots) + 1}`);
    writeFileSync(changedFile, text.slice(0, decision) + changed);
    return { file, changedFile };
  }

  private path(name: string): string {
    return path.join(this.folder, name);
  }
}

const SEVERAL = 3;

/** Of intentions the first that was filled in several deals, and the second of these: the first may be of an auction. */
async function firstThatHasSeveral(
  client: ParleyClient,
  all: readonly Intention[],
): Promise<readonly [Intention, Deal]> {
  for (const intention of all.filter(({ status }) => status === 'filled')) {
    const deals = await client.deals({ intention: intention.id });
    const [, second] = deals;
    if (second !== undefined && deals.length >= SEVERAL) return [intention, second];
  }
  throw new Error('nobody was filled in several deals');
}
