/** The container engine, by its own command line: what works with that works here, wherever the engine runs. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { checkout } from '../deploy/files.js';

const runFile = promisify(execFile);

/** The engine has refused something, or something that it ran has failed; the message has what was said. */
export class EngineError extends Error {
  constructor(args: readonly string[], said: string, options?: ErrorOptions) {
    super(`docker ${args.join(' ')}: ${said.trim()}`, options);
    this.name = 'EngineError';
  }
}

const MOST_BYTES = 256 << 20;

/** Runs one command to its end, and resolves to what it printed on stdout. Rejects with EngineError when it fails. */
export function docker(...args: readonly string[]): Promise<string> {
  return run(args, (stdout) => stdout.trim());
}

/** Likewise, with what it printed on stderr after that. */
export function dockerSaying(...args: readonly string[]): Promise<string> {
  return run(args, (stdout, stderr) => stdout + stderr);
}

/** Likewise, where it does not matter whether there was anything to do. */
export async function dockerIfAny(...args: readonly string[]): Promise<void> {
  await docker(...args).catch((error: unknown) => {
    if (!(error instanceof EngineError)) throw error;
  });
}

function run(args: readonly string[], taking: (stdout: string, stderr: string) => string): Promise<string> {
  const env = { ...process.env, DOCKER_BUILDKIT: '0' };
  return new Promise((resolve, reject) => {
    execFile('docker', args, { maxBuffer: MOST_BYTES, env }, (error, stdout, stderr) => {
      if (error === null) resolve(taking(stdout, stderr));
      else reject(new EngineError(args, stderr === '' ? error.message : stderr, { cause: error }));
    });
  });
}

/** What a container's own Node prints that runs a script in it. */
export function nodeSays(container: string, script: string): Promise<string> {
  return docker('exec', container, 'node', '--eval', script);
}

/** What another command prints, without the last newline; it is run in the checkout. Rejects where it fails, with what it said. */
export async function says(
  [command, ...args]: readonly [command: string, ...args: string[]],
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const { stdout } = await runFile(command, args, { cwd: checkout, env, maxBuffer: MOST_BYTES });
  return stdout.trimEnd();
}
