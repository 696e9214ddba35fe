/**
 * A cluster in containers, as it is deployed: three exchanges and three brokers, on networks of their own, with disks of their own.
 *
 * Owns: all that bears its label in the engine.
 *
 * 1. After `end` nothing of it is left, but for images.
 * 2. It knows nothing of what is asked of it, and does nothing to it by itself.
 */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { withAdmin } from '../../../infra/kafka/admin.js';
import { knownNodes } from '../../../infra/kafka/local/readiness.js';
import { freePorts } from '../../../infra/kafka/local/ports.js';
import { topicNames } from '../../../infra/kafka/topics/topic-names.js';
import type { Cluster as View } from '../../../src/client/index.js';
import { sha256Of } from '../../../src/server/keys/key-file.js';
import type { JudgedCluster } from '../../cluster-crash/checks/judged-cluster.js';
import { ClusterLogs } from '../../cluster-crash/cluster-logs.js';
import { shardsOf, untilWhole, viewFrom } from '../../cluster-crash/views.js';
import { mustBecome, Violation } from '../../crash/violation.js';
import { BROKER_DISK_MEBIBYTES, BROKERS, brokerRecipe, brokerRole, internalAddress } from './broker.js';
import { Container, type ContainerRecipe } from './container.js';
import { docker, dockerIfAny } from '../../support/containers/docker.js';
import { leaderOf } from '../../support/servers/kafka-client.js';
import { EXCHANGE_DISK_MEBIBYTES, exchangeRecipe, exchangeRole, exchangeUrl } from './exchange.js';
import type { SceneImages } from './images.js';
import { Networks } from './networks.js';
import { NetworkRules } from './rules.js';
import { Volumes } from './volumes.js';
import { Watch } from './watch.js';

export const SHARDS = 4;
const EXCHANGES = 3;
const TOPIC = 'parley';
const SECRET_BYTES = 24;
const ID_BYTES = 4;

/** One exchange, and where it is reached from where. */
export interface Member {
  readonly container: Container;
  /** From this machine. */
  readonly url: string;
  /** By the others, as they say of each other. */
  readonly membersUrl: string;
  /** By clients. */
  readonly clientsUrl: string;
}

interface Ground {
  readonly label: string;
  readonly networks: Networks;
  readonly volumes: Volumes;
  readonly watch: Watch;
  readonly rules: NetworkRules;
}

export interface SceneOptions {
  /** For the key file: readable from within the containers. */
  readonly folder: string;
  readonly images: SceneImages;
  readonly shards: number;
}

export class Scene implements JudgedCluster {
  readonly members: readonly Member[];
  readonly brokers: readonly Container[];
  readonly logs: ClusterLogs;
  /** Of the clients, who may do everything. */
  readonly key = randomBytes(SECRET_BYTES).toString('base64url');

  private brokerImage = 0;

  private constructor(
    readonly prefix: string,
    readonly options: SceneOptions,
    private readonly ground: Ground,
    ports: readonly number[],
  ) {
    const { images, folder, shards } = options;
    const keys = path.join(folder, 'keys');
    writeKeys(keys, this.key);
    const secret = randomBytes(SECRET_BYTES).toString('base64url');
    const [kafka] = images.kafka;
    const brokerPorts = ports.slice(EXCHANGES);
    this.brokers = brokerPorts.map((port, at) => {
      const role = brokerRole(at + 1);
      return this.container(brokerRecipe({ id: at + 1, port, volume: ground.volumes.nameOf(role), image: kafka }));
    });
    this.logs = new ClusterLogs(
      brokerPorts.map((port) => `127.0.0.1:${port}`),
      TOPIC,
    );
    this.members = ports.slice(0, EXCHANGES).map((port, at) => {
      const id = at + 1;
      const volume = ground.volumes.nameOf(exchangeRole(id));
      const own = { id, port, volume, image: images.exchange };
      const shared = { keys, secret, brokers: this.internalBrokers, topic: TOPIC, shards };
      return {
        container: this.container(exchangeRecipe({ ...own, ...shared })),
        url: `http://127.0.0.1:${port}`,
        membersUrl: exchangeUrl(id, 'members'),
        clientsUrl: exchangeUrl(id, 'clients'),
      };
    });
    this.watch.follow(this.containers);
  }

  /** Networks and disks, and no containers yet: they come with `start`. What has been made is removed when something fails. */
  static async make(options: SceneOptions): Promise<Scene> {
    const prefix = `parley-crash-${randomBytes(ID_BYTES).toString('hex')}`;
    let scene: Scene | undefined;
    try {
      const ground = await layGround(prefix, options.images, (container) => scene?.again(container));
      scene = new Scene(prefix, options, ground, await freePorts(EXCHANGES + BROKERS));
      return scene;
    } catch (error) {
      await removeAll(prefix);
      throw error;
    }
  }

  /** Resolves once every shard is served. */
  async start(): Promise<void> {
    await Promise.all(this.containers.map((container) => container.create()));
    await Promise.all(this.brokers.map((broker) => broker.start()));
    await this.brokersWhole();
    await Promise.all(this.members.map(({ container }) => container.start()));
    await this.whole();
  }

  get networks(): Networks {
    return this.ground.networks;
  }

  get volumes(): Volumes {
    return this.ground.volumes;
  }

  get watch(): Watch {
    return this.ground.watch;
  }

  get rules(): NetworkRules {
    return this.ground.rules;
  }

  /** Where the brokers are reached from within their network. */
  get internalBrokers(): readonly string[] {
    return this.brokers.map((_, at) => internalAddress(at + 1));
  }

  get containers(): readonly Container[] {
    return [...this.brokers, ...this.members.map(({ container }) => container)];
  }

  /** One more container on its networks, which is not started; removed with all others. */
  container(recipe: ContainerRecipe): Container {
    return new Container(this.prefix, this.ground.label, this.ground.networks, recipe);
  }

  /** As a running member sees it; undefined when none answers. */
  async view(): Promise<View | undefined> {
    for (const { url } of this.members) {
      const seen = await viewFrom(url, this.key);
      if (seen !== undefined) return seen;
    }
    return undefined;
  }

  /** Which shards a member has, as the others see it. */
  async shardsOf(member: Member): Promise<readonly number[]> {
    return shardsOf(await this.view(), member.membersUrl);
  }

  /** The broker that leads the log of a shard, as the brokers say; undefined where they do not. */
  async leaderOf(shard: number): Promise<Container | undefined> {
    const leader = await leaderOf(this.logs.connection, { topic: topicNames(TOPIC).events, partition: shard });
    return this.brokers.find((_, at) => at + 1 === leader);
  }

  /** The version of Kafka that brokers do not have now, where there are two. */
  nextBrokerImage(): string {
    const { kafka } = this.options.images;
    this.brokerImage = (this.brokerImage + 1) % kafka.length;
    return kafka[this.brokerImage] ?? kafka[0];
  }

  /** Resolves when every broker has all that the others have, and every member sees all shards served; a violation when that never comes. */
  async whole(): Promise<void> {
    await this.brokersWhole();
    await this.membersWhole();
  }

  /** Resolves when every member sees all members and all shards served; a violation when that never comes. */
  async membersWhole(): Promise<void> {
    await untilWhole(this.members, this.logs, ({ url }) => {
      Violation.throwIfAny(this.surprises());
      return viewFrom(url, this.key);
    });
  }

  /** Resolves when every broker counts all of them, and has all that the others have; a violation when that never comes. */
  async brokersWhole(): Promise<void> {
    let seen = '';
    const areWhole = async (): Promise<boolean> => {
      const counted = await Promise.all(this.logs.brokers.map(knownNodes));
      seen = `they count ${counted.map(({ length }) => length).join(', ')}`;
      if (!counted.every(({ length }) => length === BROKERS)) return false;
      const behind = await this.behindPartitions();
      seen = `behind are ${behind.join(', ')}`;
      return behind.length === 0;
    };
    await mustBecome(() => `the brokers are not all there: ${seen}`, areWhole);
  }

  async restartAll(): Promise<void> {
    await Promise.all(this.members.map(({ container }) => container.kill()));
    await Promise.all(this.members.map(({ container }) => container.start()));
    await this.whole();
  }

  surprises(): readonly string[] {
    return this.watch.endings.flatMap(({ finding }) => (finding === undefined ? [] : [finding]));
  }

  /** Writes what all containers have said into a folder, a file each. */
  async keepSayings(folder: string): Promise<void> {
    for (const container of this.containers)
      fs.writeFileSync(path.join(folder, `${container.role}.said`), await container.saying());
  }

  async end(): Promise<void> {
    this.watch.end();
    for (const container of this.containers) container.isBeingEnded = true;
    // What was just being made when this began is there the second time.
    await removeAll(this.prefix);
    await removeAll(this.prefix);
  }

  private async behindPartitions(): Promise<readonly string[]> {
    const connection = this.logs.connection;
    const { topics } = await withAdmin(connection, (admin) => admin.fetchTopicMetadata()).catch(() => ({
      topics: [{ name: 'all', partitions: [{ partitionId: 0, isr: [], replicas: [0] }] }],
    }));
    return topics.flatMap(({ name, partitions }) =>
      partitions
        .filter(({ isr, replicas }) => isr.length < replicas.length)
        .map(({ partitionId }) => `${name}/${partitionId}`),
    );
  }

  private again(container: Container): void {
    void this.rules.again(container).catch(() => undefined); // it has ended already: its next start comes here too
  }
}

async function layGround(
  prefix: string,
  { tools }: SceneImages,
  started: (container: Container) => void,
): Promise<Ground> {
  const label = `parley.scene=${prefix}`;
  const disks = new Map<string, number>();
  for (let id = 1; id <= BROKERS; id++) disks.set(brokerRole(id), BROKER_DISK_MEBIBYTES);
  for (let id = 1; id <= EXCHANGES; id++) disks.set(exchangeRole(id), EXCHANGE_DISK_MEBIBYTES);
  const networks = await Networks.make(prefix, label);
  const volumes = await Volumes.make(disks, { prefix, label, image: tools });
  const rules = new NetworkRules({ image: tools, label });
  // Last: what listens keeps this process alive until it is ended.
  return { label, networks, volumes, rules, watch: await Watch.begin({ label, started }) };
}

async function removeAll(prefix: string): Promise<void> {
  const filter = ['--filter', `label=parley.scene=${prefix}`];
  const remove = async (list: readonly string[], how: readonly string[]): Promise<void> => {
    const found = (await docker(...list, ...filter)).split('\n').filter((line) => line !== '');
    if (found.length > 0) await dockerIfAny(...how, ...found);
  };
  await remove(['ps', '--all', '--quiet'], ['rm', '--force', '--volumes']);
  await remove(['network', 'ls', '--quiet'], ['network', 'rm']);
  await remove(['volume', 'ls', '--quiet'], ['volume', 'rm']);
}

function writeKeys(folder: string, key: string): void {
  fs.mkdirSync(folder, { recursive: true });
  fs.chmodSync(folder, 0o755);
  const keys = [{ sha256: sha256Of(key), role: 'operator', name: 'clients' }];
  fs.writeFileSync(path.join(folder, 'keys.json'), JSON.stringify({ keys }), { mode: 0o644 });
}
