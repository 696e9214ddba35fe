/**
 * Small disks in memory, one a container that keeps data: they survive the end of their containers, and can be filled.
 *
 * 1. An idle container keeps them all mounted: without anybody who uses it such a disk is gone.
 */
import { docker, dockerIfAny } from '../../support/containers/docker.js';

export interface VolumesOptions {
  readonly prefix: string;
  readonly label: string;
  /** For the keeper: one with a shell. */
  readonly image: string;
}

const FILLING = 'filling';

export class Volumes {
  private constructor(private readonly options: VolumesOptions) {}

  /** Makes one for each of these roles, of so many MiB. */
  static async make(roles: ReadonlyMap<string, number>, options: VolumesOptions): Promise<Volumes> {
    const volumes = new Volumes(options);
    const { label, image } = options;
    const mounts: string[] = [];
    for (const [role, mebibytes] of roles) {
      const kind = ['--opt', 'type=tmpfs', '--opt', 'device=tmpfs', '--opt', `o=size=${mebibytes}m,uid=1000,mode=0750`];
      await docker('volume', 'create', '--label', label, ...kind, volumes.nameOf(role));
      mounts.push('--volume', `${volumes.nameOf(role)}:/volumes/${role}`);
    }
    const place = ['--name', volumes.keeper, '--label', label, '--network', 'none'];
    await docker('run', '--detach', ...place, ...mounts, image, 'sleep', 'infinity');
    return volumes;
  }

  nameOf(role: string): string {
    return `${this.options.prefix}-${role}-data`;
  }

  /** Until nothing more goes onto it. */
  async fill(role: string): Promise<void> {
    await dockerIfAny('exec', this.keeper, 'dd', 'if=/dev/zero', `of=/volumes/${role}/${FILLING}`, 'bs=64k');
  }

  async empty(role: string): Promise<void> {
    await docker('exec', this.keeper, 'rm', '-f', `/volumes/${role}/${FILLING}`);
  }

  /** How much is in use: `12%`. */
  async use(role: string): Promise<string> {
    const said = await docker('exec', this.keeper, 'df', '--output=pcent', `/volumes/${role}`);
    return said.split('\n').at(-1)?.trim() ?? '';
  }

  private get keeper(): string {
    return `${this.options.prefix}-keeper`;
  }
}
