// Installs and builds what is missing or out of date, with nothing but Node and npm. Run directly, it does both.
//
// 1. Only one process at a time installs or builds: the others wait, look again, and find nothing left to do.
// 2. A build counts only when it has ended well: its stamp bears the time at which it began.
// 3. stdout stays clean: whatever is said here goes to stderr.
import { spawn } from 'node:child_process';
import {
  accessSync,
  constants as fsConstants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { constants, homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

const lockDir = join(root, '.bootstrap.lock');
const heartbeatMs = 1_000;
const pollMs = 100;
const stalePolls = 100;

const sourcesOfApp = ['src', 'projections', 'infra'];
const builds = {
  app: { project: 'tsconfig.json', sources: sourcesOfApp },
  programs: { project: 'tsconfig.programs.json', sources: [...sourcesOfApp, 'test'] },
};

/** Runs `npm ci` when node_modules is missing or does not hold what package-lock.json asks for. */
export async function ensureInstalled() {
  if (isInstalled()) return;
  await withLock(async () => {
    if (isInstalled()) return;
    say('installing dependencies (npm ci)');
    await runOrThrow('npm', ['ci', '--include=dev', '--no-fund', '--no-audit'], {
      shell: process.platform === 'win32',
      env: { ...process.env, ...npmCache() },
    });
  });
}

/**
 * Compiles into dist when a source is newer than the last good build.
 * @param {'app' | 'programs'} target what to compile; `programs` adds those under test to the application
 */
export async function ensureBuilt(target = 'app') {
  if (isBuilt(target)) return;
  await withLock(async () => {
    if (isBuilt(target)) return;
    say(`building (${builds[target].project})`);
    const began = new Date();
    await runOrThrow(process.execPath, ['node_modules/typescript/bin/tsc', '-p', builds[target].project]);
    writeFileSync(stampOf(target), '');
    utimesSync(stampOf(target), began, began);
  });
}

/** Runs `task`; a failure ends the process with its message and without a stack. */
export async function runOrExit(task) {
  try {
    return await task();
  } catch (error) {
    say(error.message);
    process.exit(1);
  }
}

/**
 * Runs a command with the repository as its directory and its output on stderr, unless `stdio` says otherwise, and
 * resolves to its exit code. SIGINT and SIGTERM are passed on, so that the child never outlives this process.
 */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 2, 2], ...options });
    const forward = (signal) => child.kill(signal);
    process.on('SIGINT', forward).on('SIGTERM', forward);
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
    child.once('close', () => process.off('SIGINT', forward).off('SIGTERM', forward));
  });
}

/** npm keeps what it fetches in the user's home. Where nothing can be written there, it does so in the checkout. */
function npmCache() {
  try {
    const usual = process.env.npm_config_cache ?? join(homedir(), '.npm');
    mkdirSync(usual, { recursive: true });
    accessSync(usual, fsConstants.W_OK);
    return {};
  } catch {
    return { npm_config_cache: join(root, '.cache', 'npm') };
  }
}

async function runOrThrow(command, args, options) {
  const code = await run(command, args, options);
  if (code !== 0) throw new Error(`exit code ${code} from: ${command} ${args.join(' ')}`);
}

function isInstalled() {
  const wanted = join(root, 'package-lock.json');
  const present = join(root, 'node_modules/.package-lock.json');
  if (mtimeMs(present) === 0) return false;
  return mtimeMs(wanted) <= mtimeMs(present) || holdsSamePackages(wanted, present);
}

/** A checkout renews the lockfile's time without changing it: only its content is worth an install. */
function holdsSamePackages(wantedFile, presentFile) {
  const wanted = JSON.parse(readFileSync(wantedFile, 'utf8')).packages;
  const present = JSON.parse(readFileSync(presentFile, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === '' || optional || present[path]?.version === version,
  );
}

function isBuilt(target) {
  const builtMs = mtimeMs(stampOf(target));
  if (builtMs === 0) return false;
  // A production install has no compiler: it runs what was built.
  if (!existsSync(join(root, 'node_modules/typescript'))) return true;
  const { project, sources } = builds[target];
  const inputs = ['tsconfig.json', project, ...sources];
  return inputs.every((input) => newestMs(join(root, input)) < builtMs);
}

function stampOf(target) {
  return join(root, 'dist', `.built-${target}`);
}

/** Directories count too: their time tells of files that were removed or renamed. */
function newestMs(path) {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats?.isDirectory()) return stats?.mtimeMs ?? 0;
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() || entry.name.endsWith('.ts'))
    .reduce((newest, entry) => Math.max(newest, newestMs(join(path, entry.name))), stats.mtimeMs);
}

async function withLock(task) {
  await acquireLock();
  const heartbeat = setInterval(() => utimesSync(lockDir, new Date(), new Date()), heartbeatMs);
  try {
    await task();
  } finally {
    clearInterval(heartbeat);
    rmSync(lockDir, { recursive: true, force: true });
  }
}

/**
 * The owner touches its lock every second. One that stays untouched through a hundred looks belongs to a process that
 * has died; looks are counted, not time, because a suspended machine stops both sides.
 */
async function acquireLock() {
  let touchedMs = -1;
  for (let polls = 0; !tryLock(); polls++) {
    if (touchedMs === -1) say('another process is installing or building: waiting');
    if (touchedMs !== mtimeMs(lockDir)) {
      touchedMs = mtimeMs(lockDir);
      polls = 0;
    }
    if (polls >= stalePolls) removeStaleLock();
    await sleep(pollMs);
  }
}

function tryLock() {
  try {
    mkdirSync(lockDir);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  }
}

/** Renaming is atomic: of several that want a stale lock gone, one removes it and the others find nothing. */
function removeStaleLock() {
  const aside = `${lockDir}.${process.pid}`;
  try {
    renameSync(lockDir, aside);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  rmSync(aside, { recursive: true, force: true });
}

function mtimeMs(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function say(text) {
  process.stderr.write(`parley: ${text}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runOrExit(async () => {
    await ensureInstalled();
    await ensureBuilt();
  });
}
