/**
 * Keeps a second live writer out of a folder. The process itself holds the lock, so the kernel releases it however the process
 * ends: no lock is ever left behind, and two that start at once cannot both have it.
 *
 * - Linux: an abstract Unix socket named after the folder's device and inode. It has no file, and lives in the network namespace:
 *   two containers with the same folder but networks of their own do not see each other's, and only the epoch keeps them apart.
 * - macOS and BSD: the file `writer.lock`, opened with O_EXLOCK, which takes the lock in the same call.
 * - Elsewhere there is none: a writer is refused unless it takes over.
 */
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { FILE_MODE } from '../../../src/log/file-modes.js';
import { LogLockedError } from '../../../src/log/port.js';
import { newestClaim } from './claim.js';
import { errorCode } from '../../../src/log/message-of.js';
import type { FolderLock, LogHost } from '../host.js';

/** This process, on this machine. */
export const nodeHost: LogHost = {
  whoAmI: () => ({ pid: process.pid, host: os.hostname(), startedAt: new Date().toISOString() }),
  lock: lockFolder,
};

/** O_EXLOCK and O_NONBLOCK, on the systems that have the first. */
const OPEN_LOCKED = 0x20 | 0x4;
/** All of `sun_path`: so the name is the same whether or not the runtime pads it with zeros. */
const SOCKET_NAME_BYTES = 108;

async function lockFolder(folder: string): Promise<FolderLock> {
  try {
    switch (process.platform) {
      case 'linux':
        return await lockBySocket(folder);
      case 'darwin':
      case 'freebsd':
      case 'openbsd':
      case 'netbsd':
        return lockByFile(folder);
      default:
        throw new LogLockedError(`${folder}: this system has no lock to keep other writers out; take over explicitly`);
    }
  } catch (error) {
    if (!['EADDRINUSE', 'EAGAIN', 'EWOULDBLOCK'].includes(errorCode(error) ?? '')) throw error;
    throw new LogLockedError(`${folder}: ${describeHolder(folder)} writes this log`);
  }
}

function lockBySocket(folder: string): Promise<FolderLock> {
  const { dev, ino } = fs.statSync(folder, { bigint: true });
  const socketName = `\0parley-log-${dev}-${ino}`.padEnd(SOCKET_NAME_BYTES, '.');
  const server = net.createServer((connection) => connection.destroy());
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // Exclusive: a cluster's workers would otherwise share it.
    server.listen({ path: socketName, exclusive: true }, () => {
      server.unref();
      resolve({ release: () => new Promise((released) => server.close(() => released())) });
    });
  });
}

function lockByFile(folder: string): FolderLock {
  const { O_RDWR, O_CREAT } = fs.constants;
  const fd = fs.openSync(path.join(folder, 'writer.lock'), O_RDWR | O_CREAT | OPEN_LOCKED, FILE_MODE);
  return { release: async () => fs.closeSync(fd) };
}

function describeHolder(folder: string): string {
  const claim = newestClaim(folder);
  return claim === undefined ? 'another process' : `process ${claim.pid} on ${claim.host}, since ${claim.startedAt},`;
}
