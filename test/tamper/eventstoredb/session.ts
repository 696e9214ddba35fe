/** Rounds on streams of the stand-in for EventStoreDB. */
import fs from 'node:fs';
import path from 'node:path';
import { EventStoreDBClient } from '@eventstore/db-client';
import { Random } from '../../bench/random.js';
import { StandInServer } from '../../support/eventstoredb/stand-in-server.js';
import { playRemote } from '../remote/round.js';
import type { Round } from '../round.js';
import { inDrawnOrder } from '../script.js';
import { streamOperations } from './operations.js';

export const eventStoreNames: readonly string[] = streamOperations.map(({ name }) => name);

const MOST_SEED = 0x7fff_fffe;

interface Running {
  readonly server: StandInServer;
  readonly client: EventStoreDBClient;
}

export class EventStoreSession {
  private running: Promise<Running> | undefined;
  private readonly names: readonly string[];

  constructor(
    private readonly folder: string,
    private readonly seed: number,
    names: readonly string[],
  ) {
    this.names = inDrawnOrder(names, new Random(seed));
  }

  async play(round: number): Promise<Round> {
    this.running ??= start();
    const { server, client } = await this.running;
    const name = this.names[round % this.names.length];
    const operation = streamOperations.find((each) => each.name === name);
    if (operation === undefined) throw new Error(`there is no operation ${name}`);
    const folder = path.join(this.folder, `round-${round}`);
    fs.mkdirSync(folder);
    const seed = 1 + ((this.seed + 7919 * round) % MOST_SEED);
    const [prefix, random] = [`tamper${round}`, new Random(seed)];
    const where = ['--log', 'eventstoredb', '--connection', server.connection(''), '--topic', prefix];
    const ground = { client, stream: `${prefix}_shard-0`, random };
    return playRemote({ folder, data: path.join(folder, 'data'), where, ground, random, seed }, operation);
  }

  async end(): Promise<void> {
    const running = await this.running?.catch(() => undefined);
    await running?.client.dispose();
    running?.server.stop();
  }
}

async function start(): Promise<Running> {
  const server = await StandInServer.start();
  return { server, client: EventStoreDBClient.connectionString(server.connection('')) };
}
