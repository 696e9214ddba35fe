/** What happens to containers: they are paused, killed, starved, lied to about the time, and upgraded. */
import fs from 'node:fs';
import path from 'node:path';
import { sleep } from '../../cluster-crash/rounds.js';
import { mustBecome, Violation } from '../../crash/violation.js';
import type { Container } from '../scene/container.js';
import { docker, dockerIfAny } from '../../support/containers/docker.js';
import { MEMORY_MEBIBYTES } from '../scene/exchange.js';
import type { Scene } from '../scene/scene.js';
import { allShards, anOwner, type Inflict, type Owner, pass, type Stage } from './stage.js';

const DOWN_MS = { leastMs: 500, mostMs: 6_000 };
/** Beyond the session that members and brokers have, and below it. */
const STILL_MS = { leastMs: 3_000, mostMs: 14_000 };
const FULL_MS = { leastMs: 5_000, mostMs: 12_000 };
const SKEWED_MS = { leastMs: 6_000, mostMs: 12_000 };
const UPGRADED_MS = 1_000;
/** Members may be a minute apart at most. */
const MOST_SKEW_S = 45;

export const pauseExchange: Inflict = async (stage) => {
  const { member, shards } = await anOwner(stage);
  await pause(stage, member.container, shards);
};

export const pauseBroker: Inflict = (stage) => pause(stage, stage.random.pick(stage.scene.brokers), allShards);

export const killExchange: Inflict = async (stage) => {
  const { member, shards } = await anOwner(stage);
  await killAll(stage, [member.container], shards);
};

export const killBroker: Inflict = (stage) => killAll(stage, [stage.random.pick(stage.scene.brokers)], allShards);

/** An exchange and a broker, as if they stood on one machine. */
export const killHost: Inflict = async (stage) => {
  const { member } = await anOwner(stage);
  await killAll(stage, [member.container, stage.random.pick(stage.scene.brokers)], allShards);
};

export const fillExchange: Inflict = async (stage) => {
  const { member, shards } = await anOwner(stage);
  await fill(stage, member.container, shards);
};

export const fillBroker: Inflict = (stage) => fill(stage, stage.random.pick(stage.scene.brokers), allShards);

/** Its temporary files take all the memory that it may have, and the kernel kills it. */
export const starve: Inflict = async (stage) => {
  const { watch } = stage.scene;
  const { member, shards } = await anOwner(stage);
  const { container } = member;
  const deaths = (): number => watch.endings.filter(({ role }) => role === container.role).length;
  const before = deaths();
  container.isStarved = true;
  stage.strikes(shards);
  const most = `count=${MEMORY_MEBIBYTES}`;
  await dockerIfAny('exec', container.name, 'dd', 'if=/dev/zero', 'of=/tmp/filling', 'bs=1M', most);
  // The kernel may kill what fills the memory first, and the exchange when it wants some more.
  await mustBecome(
    () => `${container.role} has no memory left, and is not killed`,
    () => deaths() > before,
  );
  await mustBecome(
    () => `${container.role} is not started again after it was killed`,
    () => container.isRunning(),
  );
  container.isStarved = false;
};

/** A member whose clock goes wrong for a while; it is started again with it, and without it. */
export const skew: Inflict = async (stage) => {
  const { random, scene } = stage;
  const { member, shards } = await anOwner(stage);
  const { container } = member;
  const seconds = random.between(1, MOST_SKEW_S) * (random.chance(1, 2) ? 1 : -1);
  const library = await clockLibrary(scene);
  stage.strikes(shards);
  await stopWell(container);
  await container.replace({ options: skewedBy(seconds, library) });
  await scene.membersWhole();
  await sleep(random.between(SKEWED_MS.leastMs, SKEWED_MS.mostMs));
  await stopWell(container);
  await container.replace();
};

/** One after the other, the next one once all is served again. */
export const upgradeExchanges: Inflict = async (stage) => {
  const { scene } = stage;
  stage.strikes(allShards);
  for (const { container } of scene.members) {
    await stopWell(container);
    await container.replace();
    await scene.membersWhole();
    await sleep(UPGRADED_MS);
  }
};

/** Likewise; to another version, where the engine has two: up, and down again the next time. */
export const upgradeBrokers: Inflict = async (stage) => {
  const { scene } = stage;
  const image = scene.nextBrokerImage();
  stage.strikes(allShards);
  for (const container of scene.brokers) {
    await container.stop();
    await container.replace({ image });
    await scene.brokersWhole();
    await sleep(UPGRADED_MS);
  }
};

function pause(stage: Stage, container: Container, shards: Owner['shards']): Promise<void> {
  return pass(stage, { shards, ...STILL_MS, begin: () => container.pause(), end: () => container.unpause() });
}

function killAll(stage: Stage, containers: readonly Container[], shards: Owner['shards']): Promise<void> {
  const all = (what: (container: Container) => Promise<void>) => (): Promise<unknown> =>
    Promise.all(containers.map(what));
  const begin = all((container) => container.kill());
  return pass(stage, { shards, ...DOWN_MS, begin, end: all((container) => container.start()) });
}

function fill({ scene, ...rest }: Stage, container: Container, shards: Owner['shards']): Promise<void> {
  const { volumes } = scene;
  const begin = (): Promise<void> => volumes.fill(container.role);
  const end = async (): Promise<void> => {
    await volumes.empty(container.role);
    await container.revive();
  };
  return pass({ scene, ...rest }, { shards, ...FULL_MS, begin, end });
}

async function stopWell(container: Container): Promise<void> {
  const code = await container.stop();
  if (code !== 0) throw new Violation(`${container.role}, which received SIGTERM, ended with ${code}`);
}

const IN_CONTAINER = '/usr/local/lib/libfaketime.so.1';

function skewedBy(seconds: number, library: string): readonly string[] {
  const environment = [
    `LD_PRELOAD=${IN_CONTAINER}`,
    `FAKETIME=${seconds > 0 ? '+' : ''}${seconds}`,
    'FAKETIME_DONT_FAKE_MONOTONIC=1',
  ];
  return ['--volume', `${library}:${IN_CONTAINER}:ro`, ...environment.flatMap((each) => ['--env', each])];
}

/** Copied out of the tools’ image. */
async function clockLibrary({ options, prefix }: Scene): Promise<string> {
  const file = path.join(options.folder, path.basename(IN_CONTAINER));
  if (fs.existsSync(file)) return file;
  const name = `${prefix}-library`;
  await docker('create', '--name', name, '--label', `parley.scene=${prefix}`, options.images.tools);
  await docker('cp', `${name}:${IN_CONTAINER}`, file);
  await docker('rm', name);
  return file;
}
