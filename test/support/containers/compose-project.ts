/** Compose files as users start them, in a project of their own: nothing of it meets what else the machine runs. */
import { until } from '../patience.js';
import { docker, says } from './docker.js';

export interface ProjectOptions {
  /** Compose: `docker compose` or `docker-compose`. */
  readonly compose: readonly [command: string, ...args: string[]];
  /** Each is laid over those before it. */
  readonly files: readonly string[];
  /** Of the files: ports, an image, secrets. */
  readonly variables: Readonly<Record<string, string>>;
  readonly envFile?: string;
}

/** A container as the engine tells of it, as far as tests look. */
export interface InspectedContainer {
  readonly State: {
    readonly ExitCode: number;
    readonly Running: boolean;
    readonly Health?: { readonly Status: string };
  };
  readonly HostConfig: {
    readonly ReadonlyRootfs: boolean;
    readonly CapDrop: readonly string[];
    readonly SecurityOpt: readonly string[];
  };
}

let projects = 0;

export class ComposeProject {
  readonly name = `parley-compose-test-${process.pid}-${++projects}`;

  constructor(private readonly options: ProjectOptions) {}

  /** What Compose prints. Rejects where it fails. */
  compose(...args: readonly string[]): Promise<string> {
    const { compose, files, variables, envFile } = this.options;
    const where = ['--project-name', this.name, ...files.flatMap((file) => ['--file', file])];
    if (envFile !== undefined) where.push('--env-file', envFile);
    const own = Object.entries(process.env).filter(([name]) => !name.startsWith('PARLEY_'));
    return says([...compose, ...where, ...args], { ...Object.fromEntries(own), ...variables });
  }

  /** Builds what is to be built, starts these services or all, and resolves once what runs is healthy. */
  async up(...services: readonly string[]): Promise<void> {
    const { compose } = this.options;
    const isOfDocker = compose.length > 1;
    await this.compose('up', '--detach', '--build', ...(isOfDocker ? ['--wait'] : []), ...services);
    for (const service of await this.running()) {
      await until(
        `${service} is healthy`,
        async () => (await this.inspect(service)).State.Health?.Status === 'healthy',
      );
    }
  }

  /** Stops all and removes all that it made. */
  async down(): Promise<void> {
    await this.compose('down', '--volumes', '--timeout', '20');
  }

  /** The services that have containers. */
  async running(): Promise<string[]> {
    const format = '{{.Label "com.docker.compose.service"}}';
    return (await docker('ps', '--filter', this.label, '--format', format)).split('\n').filter((line) => line !== '');
  }

  /** The name of a service's container. */
  async container(service: string): Promise<string> {
    const ofService = `label=com.docker.compose.service=${service}`;
    return docker('ps', '--all', '--filter', this.label, '--filter', ofService, '--format', '{{.Names}}');
  }

  async inspect(service: string): Promise<InspectedContainer> {
    const told = await docker('inspect', '--format', '{{json .}}', await this.container(service));
    return JSON.parse(told) as InspectedContainer; // as the engine's API has it
  }

  /** The name of one of its networks. */
  network(name: string): string {
    return `${this.name}_${name}`;
  }

  /** What the engine still has of it: ids and names. */
  async leftovers(): Promise<string> {
    const label = ['--filter', this.label, '--quiet'];
    const lists = [
      docker('ps', '--all', ...label),
      docker('volume', 'ls', ...label),
      docker('network', 'ls', ...label),
    ];
    return (await Promise.all(lists)).join('');
  }

  private get label(): string {
    return `label=com.docker.compose.project=${this.name}`;
  }
}
