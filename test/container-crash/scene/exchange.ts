/** An exchange as a container: as infra/deploy/compose.yaml has it. */
import type { ContainerRecipe } from './container.js';

const FIRST_NUMBER = 21;
const PORT = 7070;
/** More than it takes under this load, and soon filled. */
export const MEMORY_MEBIBYTES = 640;
export const EXCHANGE_DISK_MEBIBYTES = 64;
/** So that take-overs begin from snapshots too. */
const SNAPSHOT_EVERY = 2_000;

export interface ExchangePlace {
  /** Counted from 1. */
  readonly id: number;
  /** On 127.0.0.1, for a judge. */
  readonly port: number;
  readonly volume: string;
  readonly image: string;
  /** The folder of the key file, on this machine. */
  readonly keys: string;
  /** What the exchanges know each other by. */
  readonly secret: string;
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly shards: number;
}

/** Where those in a network reach it. */
export function exchangeUrl(id: number, network: 'members' | 'clients'): string {
  return `http://${exchangeRole(id)}.${network}:${PORT}`;
}

export function exchangeRole(id: number): string {
  return `exchange-${id}`;
}

export function exchangeRecipe(place: ExchangePlace): ContainerRecipe {
  const { id, port, volume, image, keys } = place;
  const hardening = ['--read-only', '--tmpfs', '/tmp', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges:true'];
  const limits = ['--memory', `${MEMORY_MEBIBYTES}m`, '--memory-swap', `${MEMORY_MEBIBYTES}m`];
  return {
    role: exchangeRole(id),
    number: FIRST_NUMBER + id,
    networks: ['control', 'brokers', 'members', 'clients'],
    image,
    options: [
      ...['--restart', 'always', ...hardening, ...limits, '--publish', `127.0.0.1:${port}:${PORT}`],
      ...['--volume', `${volume}:/var/lib/parley`, '--volume', `${keys}:/run/secrets/parley:ro`],
      ...Object.entries(environment(place)).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    ],
    command: ['serve', '--host', '0.0.0.0', '--keys', '/run/secrets/parley/keys.json'],
  };
}

function environment({ id, brokers, topic, shards, secret }: ExchangePlace): Readonly<Record<string, string>> {
  return {
    PARLEY_LOG: 'kafka',
    PARLEY_BROKERS: brokers.join(','),
    PARLEY_TOPIC: topic,
    PARLEY_SHARDS: String(shards),
    PARLEY_CLUSTER_KEY: secret,
    PARLEY_ADVERTISE: exchangeUrl(id, 'members'),
    PARLEY_SNAPSHOT_EVERY: String(SNAPSHOT_EVERY),
  };
}
