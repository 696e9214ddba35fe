// Installs and builds what is missing or out of date, with nothing but Node and npm. Run directly, it does both.
//
// 1. Only one process at a time installs or builds: the others wait, look again, and find nothing left to do.
// 2. A build counts only when it has ended well: its stamp (stamp.mjs) holds the times that its sources had when it began.
// 3. Nothing is done twice: the build of the programs holds the application, and stamps both. Each build removes the other's notes of
//    what is compiled already: they would speak of files in dist that are no longer theirs.
// 4. stdout stays clean. On stderr each step is announced, with what to expect, and how long it took is said after it.
import { spawn } from 'node:child_process';
import {
  accessSync,
  constants as fsConstants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { constants, homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from './install-lock.mjs';
import { argumentsOf } from './usage.mjs';
import { hasCompiler, isCurrent, lockFiles, root, stampFile, stampIn, timeOf } from './stamp.mjs';

export { root };

const sourcesOfApp = ['src', 'projections', 'infra'];
const compiler = 'node_modules/typescript/bin/tsc';
const builds = {
  app: { config: 'tsconfig.json', sources: sourcesOfApp, stamps: ['app'], notes: 'dist/.tsbuildinfo' },
  programs: {
    ...{ config: 'tsconfig.programs.json', sources: [...sourcesOfApp, 'test'] },
    ...{ stamps: ['app', 'programs'], notes: 'dist/.tsbuildinfo-programs' },
  },
};
/** What the page alone is made of: it is bundled with each build, for it holds parts of the application. */
const page = 'src/web';
const pageBuild = `${page}/build.mjs`;

/** Runs `npm ci` when node_modules is missing or does not hold what package-lock.json asks for. */
export async function ensureInstalled() {
  if (isInstalled()) return;
  await alone(async () => {
    if (isInstalled()) return;
    await step('installing the packages (npm ci): about half a minute, with a slow network a few', 'installed', () =>
      runOrThrow('npm', ['ci', '--include=dev', '--no-fund', '--no-audit'], {
        shell: process.platform === 'win32',
        env: { ...process.env, ...npmCache() },
      }),
    );
  });
}

/**
 * Compiles into dist what has changed since the last good build.
 * @param {'app' | 'programs'} target what to compile; `programs` adds those under test to the application
 */
export async function ensureBuilt(target = 'app') {
  if (isBuilt(target)) return;
  await alone(async () => {
    if (!isBuilt(target)) await build(target);
  });
}

/**
 * Compiles what `npm pack` packs: all of the application, with its types, and without maps to sources that the package does not have. What
 * is left in dist of sources that are gone goes, so that nothing of it gets into the package.
 */
async function buildPackage() {
  await ensureInstalled();
  await alone(async () => {
    for (const folder of sourcesOfApp) removeOrphans(folder);
    await step('building the package (tsc -p tsconfig.package.json): 10 to 60 seconds', 'built', () =>
      runOrThrow(process.execPath, [compiler, '-p', 'tsconfig.package.json']),
    );
    await runOrThrow(process.execPath, [pageBuild]);
  });
}

/** What the compiler once made of a source that is no longer there. */
function removeOrphans(folder) {
  const made = join(root, 'dist', folder);
  if (!existsSync(made)) return;
  for (const file of readdirSync(made, { recursive: true })) {
    const [, source] = /^(.+?)(?:\.js|\.d\.ts)(?:\.map)?$/.exec(file) ?? [];
    if (source !== undefined && !existsSync(join(root, folder, `${source}.ts`))) rmSync(join(made, file));
  }
}

/** Both, one after the other; whether there was anything to do. A failure ends the process with its message and without a stack. */
export async function prepare(target = 'app') {
  if (isInstalled() && isBuilt(target)) return false;
  await runOrExit(async () => {
    await ensureInstalled();
    await ensureBuilt(target);
  });
  return true;
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

async function build(target) {
  const { config, stamps, notes } = builds[target];
  for (const other of Object.values(builds)) {
    if (other.notes !== notes) rmSync(join(root, other.notes), { force: true });
  }
  const made = [...stamps, 'page'];
  const times = Object.fromEntries(made.map((each) => [each, timesOf(each)]));
  const isFirst = timeOf(notes) === 0;
  await step(`building (tsc -p ${config}): ${isFirst ? '10 to 40' : 'usually a few'} seconds`, 'built', async () => {
    await runOrThrow(process.execPath, [compiler, '-p', config]);
    await runOrThrow(process.execPath, [pageBuild]);
  });
  for (const each of made) writeFileSync(stampFile(each), JSON.stringify(times[each]));
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

/** An install without a compiler will do where there is something built that it can run. */
function isInstalled() {
  if (!hasCompiler() && stampIn('app') === undefined) return false;
  const [wantedMs, presentMs] = lockFiles.map(timeOf);
  return presentMs !== 0 && (wantedMs <= presentMs || holdsSamePackages());
}

/** A checkout renews the lockfile's time without changing it: only its content is worth an install. */
function holdsSamePackages() {
  const [wanted, present] = lockFiles.map((file) => JSON.parse(readFileSync(join(root, file), 'utf8')).packages);
  const isWanted = ([path, { optional, dev }]) => path !== '' && !optional && (!dev || hasCompiler());
  return Object.entries(wanted)
    .filter(isWanted)
    .every(([path, { version }]) => present[path]?.version === version);
}

/** New sources count too, which no start looks for. */
function isBuilt(target) {
  const isCurrentWhole = (each) => {
    const stamp = stampIn(each);
    return isCurrent(stamp) && inputsOf(each).every((file) => Object.hasOwn(stamp, file));
  };
  return hasCompiler() ? [target, 'page'].every(isCurrentWhole) : stampIn(target) !== undefined;
}

function timesOf(target) {
  return Object.fromEntries(inputsOf(target).map((file) => [file, timeOf(file)]));
}

/** Everything that a build depends on. */
function inputsOf(target) {
  if (target === 'page') return sourcesBelow(page, /\.(?:tsx?|css|html|mjs)$/);
  const { config, sources } = builds[target];
  return [...lockFiles, 'tsconfig.json', config, ...sources.flatMap((folder) => sourcesBelow(folder, /\.ts$/))];
}

/** Those of the page are of the page alone. */
function sourcesBelow(folder, named) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return path === page ? [] : sourcesBelow(path, named);
    return named.test(entry.name) ? [path] : [];
  });
}

function alone(task) {
  return withLock(task, () => say('another process is installing or building: waiting for it'));
}

async function step(announced, done, task) {
  say(announced);
  const beganMs = performance.now();
  await task();
  say(`${done} in ${((performance.now() - beganMs) / 1_000).toFixed(1)} s`);
}

/** For people, on stderr. */
export function say(text) {
  process.stderr.write(`parley: ${text}\n`);
}

const usage = `npm run build

Installs what is missing, and compiles into dist what has changed. With --package: all that \`npm pack\` packs.
`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = argumentsOf(usage, { options: { package: { type: 'boolean' } } });
  await (values.package === true ? runOrExit(buildPackage) : prepare());
}
