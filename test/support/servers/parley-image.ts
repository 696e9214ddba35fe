/** The image of this checkout, `parley:VERSION`: what infra/deploy/Dockerfile makes of it, built once a run. */
import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { DEFAULT_IMAGE } from '../../../src/testcontainers/default-image.js';
import { checkout } from '../deploy/files.js';
import { imageFor, missingEngine } from './container-engine.js';

const runFile = promisify(execFile);

/** Of the end of what a build said. */
const LONGEST_COMPLAINT = 4_000;

/** Why there is none: without an engine, or without the Node that it stands on. Rejects, with what was said, where the build fails. */
export async function missingParleyImage(): Promise<string | undefined> {
  const missing = await missingEngine();
  if (missing !== undefined) return missing;
  const node = await imageFor('node');
  if ('missing' in node) return node.missing;
  const args = ['build', '--build-arg', `NODE_IMAGE=${node.image}`, '--file', 'infra/deploy/Dockerfile'];
  const isWithBuildx = spawnSync('docker', ['buildx', 'version'], { stdio: 'ignore' }).status === 0;
  const env = { ...process.env, DOCKER_BUILDKIT: isWithBuildx ? '1' : '0' };
  const build = [...args, '--tag', DEFAULT_IMAGE, '.'];
  try {
    await runFile('docker', build, { cwd: checkout, env, maxBuffer: Infinity });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { readonly stdout?: string; readonly stderr?: string }; // as execFile rejects
    const said = stdout + stderr || String(error);
    throw new Error(`${DEFAULT_IMAGE} cannot be built: ${said.slice(-LONGEST_COMPLAINT)}`, { cause: error });
  }
  return undefined;
}
