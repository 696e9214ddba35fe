/** The engine's own command, and Compose's. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { checkout } from '../deploy/files.js';

const runFile = promisify(execFile);

/** What a command prints, without the last newline; it is run in the checkout. Rejects where it fails, with what it said. */
export async function says(
  [command, ...args]: readonly [command: string, ...args: string[]],
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const { stdout } = await runFile(command, args, { cwd: checkout, env, maxBuffer: Infinity });
  return stdout.trimEnd();
}

/** Likewise, of `docker`. */
export function dockerSays(...args: readonly string[]): Promise<string> {
  return says(['docker', ...args]);
}

/** What a container's own Node prints that runs a script in it. */
export function nodeSays(container: string, script: string): Promise<string> {
  return dockerSays('exec', container, 'node', '--eval', script);
}
