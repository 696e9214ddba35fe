/** A small disk in memory. It needs the right to mount one. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { CrashingProcess } from './process.js';

const type = ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs'];
const mounted = new Map<string, Tmpfs>();

export class Tmpfs {
  private constructor(private readonly folder: string) {}

  /** Whether this process may mount one: tried below the folder. */
  static isPossible(folder: string): boolean {
    const tried = fs.mkdtempSync(path.join(folder, 'mount-'));
    const isPossible = mount(...type, tried);
    if (isPossible) spawnSync('umount', [tried]);
    fs.rmdirSync(tried);
    return isPossible;
  }

  /** The disk that a run's log is on; made the first time. */
  static of({ data }: CrashingProcess): Tmpfs {
    const known = mounted.get(data);
    if (known !== undefined) return known;
    if (!mount(...type, data)) throw new Error(`no disk can be mounted on ${data}`);
    const disk = new Tmpfs(data);
    mounted.set(data, disk);
    return disk;
  }

  static unmountAll(): void {
    for (const folder of mounted.keys()) Tmpfs.unmount(folder);
  }

  static unmount(folder: string): void {
    if (mounted.delete(folder)) spawnSync('umount', ['--lazy', folder]);
  }

  /** Copies what is on the disk of a run, if it has one, to where it outlives this process. */
  static keep({ data }: CrashingProcess): void {
    if (mounted.has(data)) fs.cpSync(data, `${data}-kept`, { recursive: true });
  }

  leaveRoom(bytes: number): void {
    const { blocks, bavail, bsize } = fs.statfsSync(this.folder);
    const size = (blocks - bavail) * bsize + bytes;
    if (!mount('-o', `remount,size=${size}`, this.folder)) throw new Error(`${this.folder} cannot be resized`);
  }
}

function mount(...args: string[]): boolean {
  return spawnSync('mount', args).status === 0;
}
