/**
 * Kafka's own jars, fetched once from Maven Central into the checkout's `.cache/kafka`, and run with the machine's Java.
 *
 * 1. A folder of jars is whole: it is filled aside and then renamed.
 * 2. Its name tells what the pom asks for, so a changed pom gets new jars.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify, stripVTControlCharacters } from 'node:util';

const runFile = promisify(execFile);

const OLDEST_JAVA = 17;
/** Some for each partition: with fewer it ends by itself once there are a few dozen topics. */
const LEAST_OPEN_FILES = 1_024;
const FETCH_TIMEOUT_MS = 300_000;
const LOCK_POLL_MS = 200;

/** What has to be installed on this machine before a local broker can run; its message is for people. */
export class MissingToolError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MissingToolError';
  }
}

/** The checkout's top folder, whether this runs as a source or compiled into `dist`. */
export const checkout = findCheckout(path.dirname(fileURLToPath(import.meta.url)));

/** This folder as sources: the pom and the settings beside it are not compiled. */
export const sourceFolder = path.join(checkout, 'infra', 'kafka', 'local');

/** Java's class path for Kafka. Fetches the jars where they are not there yet. Throws MissingToolError where one cannot be had. */
export async function kafkaClassPath(): Promise<string> {
  await requireJava();
  await requireFiles();
  const pom = path.join(sourceFolder, 'pom.xml');
  const name = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 12);
  const folder = path.join(checkout, '.cache', 'kafka', name);
  if (!existsSync(folder)) await fetchJars(pom, folder);
  return path.join(folder, '*');
}

async function requireJava(): Promise<void> {
  const install = `install Java ${OLDEST_JAVA} or newer (Debian: apt-get install openjdk-17-jre-headless)`;
  // Java tells its version on stderr, on one of several lines.
  const told = await outputOf('java', ['-version']);
  if (told === undefined) throw new MissingToolError(`Kafka needs Java, which is not here: ${install}`);
  const version = Number(/version "(\d+)/.exec(told)?.[1] ?? 0);
  if (version < OLDEST_JAVA) throw new MissingToolError(`Kafka does not run on this Java (${version}): ${install}`);
}

/** Java itself raises what a process may open to the most that it is allowed. */
async function requireFiles(): Promise<void> {
  const most = Number((await outputOf('sh', ['-c', 'ulimit -Hn'])) ?? Infinity); // not a number where there is no limit
  if (most < LEAST_OPEN_FILES) {
    const says = `${LEAST_OPEN_FILES} open files, and a process may have ${most} here: raise it (ulimit -Hn)`;
    throw new MissingToolError(`Kafka needs ${says}`);
  }
}

async function fetchJars(pom: string, folder: string): Promise<void> {
  const install = 'install it (Debian: apt-get install maven)';
  if ((await outputOf('mvn', ['-v'])) === undefined)
    throw new MissingToolError(`Kafka’s jars are fetched with Maven, which is not here: ${install}`);
  mkdirSync(path.dirname(folder), { recursive: true });
  const release = await fetchLock(`${folder}.lock`);
  const aside = `${folder}.${process.pid}`;
  const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${aside}`, '-DincludeScope=runtime'];
  const manner = ['-q', '-B', '-Dstyle.color=never', '-f', pom];
  try {
    if (existsSync(folder)) return;
    await runFile('mvn', [...manner, ...goal], { timeout: FETCH_TIMEOUT_MS });
    renameSync(aside, folder);
  } catch (error) {
    throw new MissingToolError(`Kafka’s jars cannot be fetched with Maven: ${reasonIn(error)}`, { cause: error });
  } finally {
    rmSync(aside, { recursive: true, force: true });
    release();
  }
}

/** Waits for another process that fetches already: two Mavens at once spoil each other's local repository. */
async function fetchLock(file: string): Promise<() => void> {
  for (;;) {
    try {
      writeFileSync(file, `${process.pid}`, { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      if (!isAlive(holderOf(file))) rmSync(file, { force: true });
      await sleep(LOCK_POLL_MS);
    }
  }
}

/** The process that holds the lock; this one while its file is still being written or is gone already, so that it is waited for. */
function holderOf(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8')) || process.pid;
  } catch {
    return process.pid;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function outputOf(command: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout, stderr } = await runFile(command, args);
    return stdout + stderr;
  } catch {
    return undefined;
  }
}

function reasonIn(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('killed' in error && error.killed === true) return `it took longer than ${FETCH_TIMEOUT_MS / 1_000} s`;
  const told = 'stdout' in error && typeof error.stdout === 'string' ? error.stdout : '';
  return whyMavenFailed(told) ?? error.message.split('\n')[0] ?? '';
}

/**
 * Why Maven failed, in one line, by what it printed on stdout: of errors within errors on one line, and what to do about them on
 * further ones. The innermost is what went wrong.
 */
export function whyMavenFailed(told: string): string | undefined {
  const line = /^\[ERROR\] (.*\S)/m.exec(stripVTControlCharacters(told))?.[1];
  return line?.slice(Math.max(0, line.lastIndexOf('Could not transfer artifact'))).replace(/ -> \[Help.*$/, '');
}

function findCheckout(folder: string): string {
  if (existsSync(path.join(folder, 'package.json'))) return folder;
  const parent = path.dirname(folder);
  if (parent === folder) throw new Error('this file is not inside a checkout of Parley');
  return findCheckout(parent);
}
