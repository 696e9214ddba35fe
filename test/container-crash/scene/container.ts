/**
 * One container of a scene, which is killed, paused, cut off and replaced, and has the same name, addresses and volumes throughout.
 *
 * 1. The engine starts it again when it ends by itself, and not when it was ended here.
 * 2. What it said is kept beyond its replacement.
 */
import { docker, dockerIfAny, dockerSaying, EngineError } from '../../support/containers/docker.js';
import type { NetworkKind, Networks } from './networks.js';

export interface ContainerRecipe {
  /** Within the scene: `exchange-1`. Also its name in each network: `exchange-1.members`. */
  readonly role: string;
  /** Its number in each network. */
  readonly number: number;
  readonly networks: readonly [NetworkKind, ...NetworkKind[]];
  readonly image: string;
  /** Further options of `docker create`. */
  readonly options: readonly string[];
  readonly command: readonly string[];
}

/** What is to be another for a while, from its next replacement on. */
export interface Change {
  readonly image?: string;
  readonly options?: readonly string[];
}

const CHANGE_TRIES = 40;
const CHANGE_PAUSE_MS = 250;
const STOP_SECONDS = 30;

export class Container {
  /** As the engine knows it. */
  readonly name: string;
  /** It is ended from here, or was: that it ends is no surprise. */
  isBeingEnded = false;
  /** What is to kill it for want of memory has been done. */
  isStarved = false;
  private readonly said: string[] = [];

  constructor(
    private readonly prefix: string,
    private readonly label: string,
    private readonly nets: Networks,
    readonly recipe: ContainerRecipe,
  ) {
    this.name = `${prefix}-${recipe.role}`;
  }

  get role(): string {
    return this.recipe.role;
  }

  addressIn(kind: NetworkKind): string {
    return this.nets.within(kind, this.recipe.number);
  }

  /** Makes it, on all its networks, and does not start it. */
  async create({ image, options = [] }: Change = {}): Promise<void> {
    const { recipe, label, name } = this;
    const [first, ...others] = recipe.networks;
    const place = ['--hostname', recipe.role, ...this.endpoint(first), '--network', this.nets.nameOf(first)];
    const own = [...recipe.options, ...options];
    const program = [image ?? recipe.image, ...recipe.command];
    await docker('create', '--name', name, '--label', label, ...place, ...own, ...program);
    for (const kind of others) await this.join(kind);
  }

  async start(): Promise<void> {
    this.isBeingEnded = false;
    this.isStarved = false;
    await docker('start', this.name);
  }

  /** At once, and so that the engine does not start it again. */
  async kill(): Promise<void> {
    this.isBeingEnded = true;
    try {
      await docker('kill', this.name);
    } catch {
      // It was just not running, and about to be started again.
      await dockerIfAny('stop', '-t', '0', this.name);
    }
  }

  /** By SIGTERM. Resolves to its exit code. */
  async stop(): Promise<number> {
    this.isBeingEnded = true;
    await docker('stop', '-t', String(STOP_SECONDS), this.name);
    return Number(await docker('inspect', '--format', '{{.State.ExitCode}}', this.name));
  }

  /** Of what was ended: another of the same name, on the same networks and volumes. */
  async replace(change?: Change): Promise<void> {
    await this.remove();
    await this.create(change);
    await this.start();
  }

  /** Starts what ended by itself and waits to be started again by the engine, perhaps for long. */
  async revive(): Promise<void> {
    if (await this.isRunning()) return;
    await this.kill();
    await this.start();
  }

  async pause(): Promise<void> {
    await this.patiently('pause', this.name);
  }

  async unpause(): Promise<void> {
    await docker('unpause', this.name);
  }

  async leave(kind: NetworkKind): Promise<void> {
    await this.patiently('network', 'disconnect', this.nets.nameOf(kind), this.name);
  }

  async join(kind: NetworkKind): Promise<void> {
    await this.patiently('network', 'connect', ...this.endpoint(kind), this.nets.nameOf(kind), this.name);
  }

  async isRunning(): Promise<boolean> {
    return (await docker('inspect', '--format', '{{.State.Running}}', this.name)) === 'true';
  }

  /** Runs something in it, to its end. */
  exec(...command: readonly string[]): Promise<string> {
    return docker('exec', this.name, ...command);
  }

  /** What it has said since then, in seconds since 1970: all unless told otherwise, and what those before it said. */
  async saying(sinceSeconds?: number): Promise<string> {
    if (sinceSeconds !== undefined) return dockerSaying('logs', '--since', String(sinceSeconds), this.name);
    const last = await dockerSaying('logs', this.name).catch(() => '');
    return [...this.said, last].join('\n--- replaced ---\n');
  }

  async remove(): Promise<void> {
    this.isBeingEnded = true;
    this.said.push(await dockerSaying('logs', this.name).catch(() => ''));
    await dockerIfAny('rm', '--force', '--volumes', this.name);
  }

  private endpoint(kind: NetworkKind): string[] {
    const { role } = this.recipe;
    const alias = [kind === this.recipe.networks[0] ? '--network-alias' : '--alias', `${role}.${kind}`];
    return ['--ip', this.addressIn(kind), ...alias];
  }

  /** One that just ends, or is about to be started again, takes no change: a moment later it does. */
  private async patiently(...args: readonly string[]): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        await docker(...args);
        return;
      } catch (error) {
        if (!(error instanceof EngineError) || tries === CHANGE_TRIES) throw error;
        // An attempt that failed half-way has done it after all.
        if (/already (exists|attached|paused)|is not connected/.test(error.message)) return;
        await new Promise((resolve) => setTimeout(resolve, CHANGE_PAUSE_MS));
      }
    }
  }
}
