/** Starts a server on what is left of a log, and asks it again for all that participants had been answered. */
import { eventually } from '../crash/violation.js';
import { parley } from '../support/cli/parley.js';
import { Serving } from '../support/cli/serving.js';
import type { Audited, Start } from './judge.js';
import { clientOf } from './market.js';
import type { Memory } from './memory.js';

/** One that stays up and is not ready by then, though nothing is slow here, will say why. */
const READY_MS = 10_000;
const LOOK_MS = 50;
const SAID = 2_000;
/** What a member logs of a shard that it does not open again by itself. */
export const STAYS = 'the shard stays stopped';

/** A server, and what it has come to. */
export interface Begun {
  readonly serving: Serving;
  /** Undefined once it is ready; else why it is not, and its exit code where it has ended. */
  readonly refusal: { readonly code: number | undefined; readonly says: string } | undefined;
}

/** Resolves once it is ready, has ended, has logged one of these refusals, or has not become ready in time. */
export async function begin(
  args: readonly string[],
  { readyMs = READY_MS, refusals = [STAYS] }: { readonly readyMs?: number; readonly refusals?: readonly string[] } = {},
): Promise<Begun> {
  const serving = Serving.begin(args);
  let code: number | undefined;
  void serving.ended.then((ended) => (code = ended));
  const isListening = await eventually(
    'the start or the end of a server',
    Promise.race([
      serving.ended.then(() => false),
      serving.listening.then(
        () => true,
        () => false,
      ),
    ]),
  );
  const refused = async (): Promise<Begun> => {
    code = await eventually('the end of a server that does not listen', serving.ended);
    return { serving, refusal: { code, says: lastOf(serving.stderr) } };
  };
  if (!isListening) return refused();
  const client = clientOf(serving.url, 1);
  let reason: string | undefined;
  for (const startedMs = performance.now(); performance.now() - startedMs < readyMs; await sleep(LOOK_MS)) {
    if (code !== undefined) return refused();
    const isRefused = refusals.some((text) => serving.stderr.includes(text));
    const health = await client.health();
    if (health.isReady) return { serving, refusal: undefined };
    reason = health.reason ?? reason;
    if (isRefused) break;
  }
  return { serving, refusal: { code: undefined, says: reason ?? '' } };
}

/** What came of a start, apart from what it changed: one that is ready for a moment alone refuses too. Ends it. */
export async function ask({ serving, refusal }: Begun, memory: Memory): Promise<Start> {
  try {
    if (refusal !== undefined) return { kind: 'refused', ...refusal, changed: [] };
    const client = clientOf(serving.url);
    const differences = await memory.differences(client);
    const { isReady, reason = '' } = differences.length === 0 ? { isReady: true } : await client.health();
    if (!isReady) return { kind: 'refused', code: undefined, says: reason, changed: [] };
    return { kind: 'served', differences };
  } finally {
    await eventually('the end of a server after SIGTERM', serving.end());
  }
}

export async function audit(args: readonly string[]): Promise<Audited> {
  const { code, stdout, stderr } = await eventually('the end of an audit', parley(['audit', ...args]));
  return { code, says: lastOf(`${stdout}${stderr}`) };
}

/** Whether a verb of this build has an option. */
export async function hasOption(verb: string, option: string): Promise<boolean> {
  const { stdout } = await parley([verb, '--help']);
  return stdout.includes(`${option} `);
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function lastOf(text: string): string {
  return text.slice(-SAID);
}
