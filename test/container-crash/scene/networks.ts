/**
 * The networks of a scene, each with a range of addresses of its own, so that whoever comes back to one gets the address that it had.
 *
 * 1. `control` alone leads out of the engine, and no fault touches it: by it a judge looks at everything while all others are cut.
 * 2. A name that somebody has in one network says which: `kafka-1.brokers`.
 */
import { docker, EngineError } from '../../support/containers/docker.js';

export const networkKinds = ['control', 'brokers', 'members', 'clients'] as const;
export type NetworkKind = (typeof networkKinds)[number];

/** Ranges are tried one after the other, until one is free. */
const FIRST_RANGE = 16;
const LAST_RANGE = 240;

export class Networks {
  private readonly ranges = new Map<NetworkKind, number>();

  private constructor(private readonly prefix: string) {}

  /** Makes all of them, with this label. */
  static async make(prefix: string, label: string): Promise<Networks> {
    const networks = new Networks(prefix);
    let range = FIRST_RANGE;
    for (const kind of networkKinds) {
      range = await networks.makeOne(kind, label, range);
      networks.ranges.set(kind, range++);
    }
    return networks;
  }

  /** As the engine knows it. */
  nameOf(kind: NetworkKind): string {
    return `${this.prefix}-${kind}`;
  }

  /** The addresses of a network: `10.213.16.0/24`. */
  rangeOf(kind: NetworkKind): string {
    return `${this.within(kind, 0)}/24`;
  }

  /** The address of the one that has this number, from 2 to 254, in all networks. */
  within(kind: NetworkKind, number: number): string {
    return addressIn(this.ranges.get(kind) ?? 0, number);
  }

  private async makeOne(kind: NetworkKind, label: string, firstRange: number): Promise<number> {
    const closed = kind === 'control' ? [] : ['--internal'];
    for (let range = firstRange; range <= LAST_RANGE; range++) {
      const addresses = ['--subnet', `${addressIn(range, 0)}/24`];
      try {
        await docker('network', 'create', '--label', label, ...closed, ...addresses, this.nameOf(kind));
        return range;
      } catch (error) {
        if (!(error instanceof EngineError) || !error.message.includes('overlap')) throw error;
      }
    }
    throw new Error('no range of addresses is free for a network of containers');
  }
}

function addressIn(range: number, number: number): string {
  return `10.213.${range}.${number}`;
}
