/**
 * What is done to the network of single containers, from within: packets that are dropped, lost by chance, late.
 *
 * 1. What is put on a container stays until it is lifted, also when it ends and is started again in between.
 */
import type { Container } from './container.js';
import { docker, dockerIfAny } from '../../support/containers/docker.js';

export interface RulesOptions {
  /** Of the tools: infra/containers/images/network-tools. */
  readonly image: string;
  readonly label: string;
}

/** How late packets are, each for itself, so that later ones overtake earlier ones. */
export interface Lateness {
  readonly leastMs: number;
  readonly mostMs: number;
  readonly seed: number;
}

/** The options of `iptables` that name one packet in this many parts of a hundred. */
export function byChance(percent: number): string {
  return `-m statistic --mode random --probability ${(percent / 100).toFixed(2)}`;
}

const QUEUE = 1;
/** Packets go on where nobody takes them out of the queue. */
export const TO_QUEUE = `-j NFQUEUE --queue-num ${QUEUE} --queue-bypass`;

export function delayCommand({ leastMs, mostMs, seed }: Lateness): string {
  return `exec delay-packets ${QUEUE} ${leastMs} ${mostMs} ${seed}`;
}

interface Put {
  /** What follows on `iptables`. */
  readonly rules: readonly string[];
  readonly late: Lateness | undefined;
}

export class NetworkRules {
  private readonly inForce = new Map<Container, Put>();
  private readonly doing = new Map<Container, Promise<void>>();

  constructor(private readonly options: RulesOptions) {}

  /** Resolves once it holds. A container that is just not running gets it when it starts. */
  async put(container: Container, rules: readonly string[], late?: Lateness): Promise<void> {
    this.inForce.set(container, { rules, late });
    await this.enforce(container);
  }

  async lift(container: Container): Promise<void> {
    this.inForce.delete(container);
    await this.enforce(container);
  }

  /** It has been started: with a network that knows nothing of what was put on it. */
  async again(container: Container): Promise<void> {
    if (this.inForce.has(container)) await this.enforce(container);
  }

  /** One after the other for each container: the last one is what holds. */
  private enforce(container: Container): Promise<void> {
    const before = this.doing.get(container) ?? Promise.resolve();
    const doing = before.catch(() => undefined).then(() => this.enforceNow(container));
    this.doing.set(container, doing);
    return doing;
  }

  private async enforceNow(container: Container): Promise<void> {
    const { rules, late } = this.inForce.get(container) ?? { rules: [], late: undefined };
    await dockerIfAny('rm', '--force', this.delayerOf(container));
    const commands = ['iptables -w -F', ...rules.map((rule) => `iptables -w ${rule}`)].join(' && ');
    try {
      await this.run(container, ['--rm'], commands);
      if (late !== undefined)
        await this.run(container, ['--detach', '--name', this.delayerOf(container)], delayCommand(late));
    } catch (error) {
      if (await container.isRunning()) throw error;
    }
  }

  private run(container: Container, how: readonly string[], script: string): Promise<string> {
    const { image, label } = this.options;
    const place = ['--network', `container:${container.name}`, '--cap-add', 'NET_ADMIN', '--label', label];
    return docker('run', ...how, ...place, image, 'sh', '-c', script);
  }

  private delayerOf(container: Container): string {
    return `${container.name}-delay`;
  }
}
