/** What the operating system refuses, in words: what could not be done, with which file or address, why, and what to do about it. */
import { statSync } from 'node:fs';
import { dirname } from 'node:path';

interface Refused {
  readonly why: string;
  /** What to do; left out where there is nothing that always helps. */
  readonly wayOut?: string;
}

/** By the code that Node gives. */
const refusals: Readonly<Record<string, Refused>> = {
  ENOENT: { why: 'there is no such file or folder' },
  ENOTDIR: { why: 'a file stands where a folder should', wayOut: 'name a folder' },
  EISDIR: { why: 'it is a folder, not a file', wayOut: 'name a file' },
  EEXIST: { why: 'it is there already', wayOut: 'remove it, or name one that is not there yet' },
  ENOTEMPTY: { why: 'it is not empty' },
  EACCES: { why: 'this user has no permission', wayOut: 'run this as its owner, or have its permissions changed' },
  EPERM: { why: 'the system does not permit that to this user' },
  EROFS: { why: 'the disk is mounted read-only', wayOut: 'mount it for writing, or use another' },
  ENOSPC: { why: 'the disk is full', wayOut: 'make room, or use another disk' },
  EDQUOT: { why: 'this user’s share of the disk is used up', wayOut: 'make room, or use another disk' },
  EFBIG: { why: 'no file may become that large here', wayOut: 'ulimit -f tells how large' },
  EMFILE: { why: 'this process has as many files open as it may', wayOut: 'allow more: ulimit -n' },
  ENFILE: { why: 'this machine has as many files open as it can' },
  ENOMEM: { why: 'the machine has no memory left' },
  EIO: { why: 'the disk fails', wayOut: 'look at the log of the system' },
  ELOOP: { why: 'its links lead in a circle' },
  ENAMETOOLONG: { why: 'the name is too long' },
  EBUSY: { why: 'it is in use' },
  ETXTBSY: { why: 'it is in use' },
  EXDEV: { why: 'that would move it to another disk' },
  ENODEV: { why: 'there is no such device' },
  ENXIO: { why: 'there is no such device' },
  ESTALE: { why: 'the file server no longer knows it' },
  EADDRINUSE: {
    why: 'another process listens there',
    wayOut: '--port (or --health-port) chooses another (0: a free one)',
  },
  EADDRNOTAVAIL: { why: 'this machine has no such address', wayOut: '--host names one that it has' },
  EAFNOSUPPORT: { why: 'this machine has no addresses of that kind', wayOut: '--host names one that it has' },
  ENOTFOUND: { why: 'no address is known for that name', wayOut: 'look whether it is spelt right' },
  EAI_AGAIN: { why: 'names cannot be looked up for now', wayOut: 'look whether the network is there' },
  ECONNREFUSED: { why: 'nothing listens there', wayOut: 'look whether it runs, and at this address' },
  ECONNRESET: { why: 'the other side broke the connection off' },
  EHOSTUNREACH: { why: 'no way leads there', wayOut: 'look whether the network is there' },
  ENETUNREACH: { why: 'no way leads there', wayOut: 'look whether the network is there' },
  ETIMEDOUT: { why: 'no answer came' },
};

/** What could not be done, by the call that Node names. Whatever is not here could not be used. */
const deeds: Readonly<Record<string, string>> = {
  ...{ open: 'opened', read: 'read', scandir: 'listed', opendir: 'listed', stat: 'looked at', lstat: 'looked at' },
  ...{ write: 'written', fsync: 'written', fdatasync: 'written', ftruncate: 'cut', mkdir: 'made', mkdtemp: 'made' },
  ...{ rename: 'renamed', unlink: 'removed', rmdir: 'removed', rm: 'removed', link: 'linked', symlink: 'linked' },
  ...{ chmod: 'changed', fchmod: 'changed', utime: 'changed', copyfile: 'copied', watch: 'watched' },
};

/** An error of the system, as Node makes it. */
export interface SystemError extends Error {
  readonly code: string;
  readonly syscall: string;
  readonly path?: string;
  readonly dest?: string;
  readonly address?: string;
  readonly port?: number;
  readonly hostname?: string;
}

export function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && 'code' in error && 'syscall' in error && typeof error.syscall === 'string';
}

/** The whole sentence; with Node’s own words for a code that is not in the table. */
export function sentenceFor(error: SystemError): string {
  const { code, syscall, path, dest, address, port, hostname = 'the host' } = error;
  if (syscall === 'listen' || syscall === 'bind') return `${listening(code, address, port)}: ${whyNoPort(error)}`;
  const reason = reasonFor(error, path);
  if (syscall === 'getaddrinfo') return `${hostname}: ${reason}`;
  if (syscall === 'connect') return `${addressText(address, port)} cannot be reached: ${reason}`;
  const whither = dest === undefined ? '' : ` to ${dest}`;
  return `${path === undefined ? 'a file' : `${path}:`} cannot be ${deeds[syscall] ?? 'used'}${whither}: ${reason}`;
}

/** Why, and what to do: the part of a sentence that does not name the file again, which is at `path`. */
export function reasonFor(error: Error, path?: string): string {
  const refused = isSystemError(error) ? refusals[error.code] : undefined;
  if (refused === undefined || !isSystemError(error)) return error.message;
  return advised(whyNot(error.code, path, refused.why), refused.wayOut);
}

/**
 * A text with the errors of the system that it quotes in words: what others have put around them stays. What it says of a path that is
 * named before is not said again.
 */
export function withPlainReasons(text: string): string {
  const ofFiles = /\b(E[A-Z]{2,14}): [a-z][a-z/ -]*, [a-z]+(?: '([^']*)')?(?: -> '[^']*')?/g;
  const ofAddresses = /(?<!rror: )\b(listen|bind|connect|getaddrinfo) (E[A-Z_]{2,14})(?:: [a-z ]+)? (\S+)/g;
  return text
    .replace(ofFiles, (quoted, code: string, path: string | undefined, at: number) => {
      const { why } = refusals[code] ?? {};
      if (why === undefined) return quoted;
      if (path === undefined || text.slice(0, at).includes(path)) return whyNot(code, path, why);
      return `${path}: ${whyNot(code, path, why)}`;
    })
    .replace(ofAddresses, (quoted, _call, code: string, where: string) => {
      const { why } = refusals[code] ?? {};
      return why === undefined ? quoted : `${where}: ${why}`;
    });
}

function listening(code: string, address: string | undefined, port: number | undefined): string {
  if (port === undefined) return `${address ?? 'the host'} cannot be listened on`;
  const where = `port ${port}${address === undefined ? '' : ` of ${address}`}`;
  return code === 'EADDRINUSE' ? `${where} is in use` : `${where} cannot be listened on`;
}

const FIRST_FREE_PORT = 1_024;

function whyNoPort({ code, message, port = 0 }: SystemError): string {
  if (code === 'EACCES' && port > 0 && port < FIRST_FREE_PORT) {
    return `ports below ${FIRST_FREE_PORT} are for privileged users; --port (or --health-port) chooses another`;
  }
  const { why, wayOut } = refusals[code] ?? { why: message };
  return advised(why, wayOut);
}

function advised(why: string, wayOut: string | undefined): string {
  return wayOut === undefined ? why : `${why}; ${wayOut}`;
}

function addressText(address: string | undefined, port: number | undefined): string {
  return [address ?? 'the other side', ...(port === undefined ? [] : [port])].join(':');
}

/** Of a path the system tells only that something of it is wrong: here is looked what. */
function whyNot(code: string, path: string | undefined, why: string): string {
  if (path === undefined) return why;
  if (code === 'ENOTDIR') {
    const file = nearest(path);
    return file === undefined ? why : `${file === path ? 'it' : file} is a file, not a folder`;
  }
  const folder = dirname(path);
  return code === 'ENOENT' && kindOf(folder) === undefined ? `there is no folder ${folder}` : why;
}

/** The first on a path’s way that is a file. */
function nearest(path: string): string | undefined {
  if (kindOf(path) === 'file') return path;
  const above = dirname(path);
  return above === path ? undefined : nearest(above);
}

function kindOf(path: string): 'file' | 'folder' | undefined {
  try {
    return statSync(path).isDirectory() ? 'folder' : 'file';
  } catch {
    return undefined;
  }
}
