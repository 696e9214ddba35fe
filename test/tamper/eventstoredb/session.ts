/** Rounds on streams of the stand-in for EventStoreDB. */
import path from 'node:path';
import { EventStoreDBClient } from '@eventstore/db-client';
import { StandInServer } from '../../support/eventstoredb/stand-in-server.js';
import { DrawnRounds } from '../remote/drawn-rounds.js';
import { playRemote } from '../remote/round.js';
import type { Round } from '../round.js';
import { streamOperations } from './operations.js';

export const eventStoreNames: readonly string[] = streamOperations.map(({ name }) => name);

interface Running {
  readonly server: StandInServer;
  readonly client: EventStoreDBClient;
}

export class EventStoreSession {
  private running: Promise<Running> | undefined;
  private readonly rounds: DrawnRounds<(typeof streamOperations)[number]>;

  constructor(folder: string, seed: number, names: readonly string[]) {
    this.rounds = new DrawnRounds(folder, seed, names, streamOperations);
  }

  async play(round: number): Promise<Round> {
    this.running ??= start();
    const { server, client } = await this.running;
    const { operation, folder, seed, random } = this.rounds.begin(round);
    const prefix = `tamper${round}`;
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
