/** Those who ask the cluster, in containers of their own: clients over HTTP, and a producer that writes into the topic. */
import { eventually } from '../crash/violation.js';
import type { Asked } from '../cluster-crash/checks/asked.js';
import type { Progress } from '../cluster-crash/rounds.js';
import { symbolsOf } from '../cluster-crash/market.js';
import type { Random } from '../support/random.js';
import { type AskedJson, askedOf } from './programs/asked-json.js';
import type { FromClients, FromProducer, ToClients, ToProducer } from './programs/messages.js';
import { ContainedProgram } from './scene/program.js';
import { type Scene, SHARDS } from './scene/scene.js';

const CLIENTS_NUMBER = 5;
const PRODUCER_NUMBER = 6;
const MOST_SEED = 0x7fff_fffe;

/** What they have to say when all is over. */
export interface AllAsked {
  readonly asked: Asked;
  readonly triedAgain: number;
  /** How long shards were without an answer, by kind of fault. */
  readonly silencesMs: ReadonlyMap<string, readonly number[]>;
}

type Over<Message> = Message extends { readonly over: infer Content } ? Content : never;

export class Asking {
  private clients: ContainedProgram<ToClients, FromClients> | undefined;
  private producer: ContainedProgram<ToProducer, FromProducer> | undefined;
  private acknowledged = 0;
  private written = 0;
  private areOver = true;
  private readonly handOver: {
    clients?: (over: Over<FromClients>) => void;
    producer?: (over: Over<FromProducer>) => void;
  } = {};

  static async start(scene: Scene, random: Random): Promise<Asking> {
    const asking = new Asking();
    const seed = (): number => random.between(1, MOST_SEED);
    const [symbols, shards] = [symbolsOf(SHARDS), SHARDS];
    const urls = scene.members.map(({ clientsUrl }) => clientsUrl);
    asking.clients = await ContainedProgram.start<ToClients, FromClients>(
      scene,
      {
        role: 'clients',
        number: CLIENTS_NUMBER,
        networks: ['clients'],
        file: 'test/container-crash/programs/clients.js',
      },
      { begin: { urls, key: scene.key, symbols, shards, seed: seed() } },
      (said) => asking.heardClients(said),
    );
    const { topic } = scene.logs;
    asking.producer = await ContainedProgram.start<ToProducer, FromProducer>(
      scene,
      {
        role: 'producer',
        number: PRODUCER_NUMBER,
        networks: ['brokers'],
        file: 'test/container-crash/programs/producer.js',
      },
      { begin: { brokers: scene.internalBrokers, topic, symbols, shards, seed: seed() } },
      (said) => asking.heardProducer(said),
    );
    return asking;
  }

  get progress(): Progress {
    const { acknowledged, written, areOver } = this;
    return { acknowledged, written, areOver };
  }

  round(round: number): void {
    this.clients?.tell({ round });
    this.producer?.tell({ round });
  }

  /** A fault of this kind is about to strike these shards. */
  strikes(kind: string, shards: readonly number[]): void {
    this.areOver = false;
    this.clients?.tell({ fault: { kind, shards } });
  }

  mended(): void {
    this.clients?.tell({ mended: true });
  }

  /** Ends them after what is under way, and resolves to all that they have asked and were answered. */
  async end(): Promise<AllAsked> {
    const [clients, producer] = await Promise.all([
      this.last<Over<FromClients>>(
        'the last word of the clients',
        this.clients,
        (take) => (this.handOver.clients = take),
      ),
      this.last<Over<FromProducer>>(
        'the last word of the producer',
        this.producer,
        (take) => (this.handOver.producer = take),
      ),
    ]);
    const parts: AskedJson[] = [clients.asked, producer.asked];
    const silencesMs = new Map<string, number[]>();
    for (const [kind, ms] of clients.silences) silencesMs.set(kind, [...(silencesMs.get(kind) ?? []), ms]);
    return { asked: askedOf(SHARDS, parts), triedAgain: clients.failed, silencesMs };
  }

  private last<Content>(
    what: string,
    program: ContainedProgram<{ end: true }, object> | undefined,
    when: (take: (content: Content) => void) => void,
  ): Promise<Content> {
    const said = new Promise<Content>((resolve, reject) => {
      when(resolve);
      program?.ended.then(() => reject(new Error(`${what} did not come`)), reject);
    });
    program?.tell({ end: true });
    return eventually(what, said);
  }

  private heardClients(said: FromClients): void {
    if ('status' in said) {
      this.acknowledged = said.status.acknowledged;
      this.areOver = said.status.areOver;
    } else if ('offered' in said) this.producer?.tell(said);
    else this.handOver.clients?.(said.over);
  }

  private heardProducer(said: FromProducer): void {
    if ('status' in said) this.written = said.status.written;
    else this.handOver.producer?.(said.over);
  }
}
