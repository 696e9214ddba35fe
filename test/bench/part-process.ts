import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('./main.js', import.meta.url));
const END_MS = 5_000;

/** What a child says: what its part has found, or why there is nothing. */
export type PartMessage = { readonly result: object } | { readonly failure: string };

const children = new Set<ChildProcess>();

/** Runs one part in a process of its own and resolves to what it found. */
export function runPart(name: string, args: readonly string[], execArgv: readonly string[]): Promise<object> {
  return new Promise((resolve, reject) => {
    const child = fork(main, [...args, '--part', name], {
      execArgv: ['--expose-gc', '--enable-source-maps', ...execArgv],
      stdio: ['ignore', 2, 2, 'ipc'],
    });
    children.add(child);
    let message: PartMessage | undefined;
    child.once('message', (received) => {
      message = received as PartMessage; // from answerAsPart, below
    });
    child.once('error', reject);
    // Its last message may come after its end, but not after its channel has closed.
    const disconnected = new Promise((settle) => child.once('disconnect', settle));
    child.once('exit', (code, signal) => {
      void disconnected.then(() => {
        children.delete(child);
        if (message !== undefined && 'result' in message) resolve(message.result);
        else reject(new Error(`${name}: ${message?.failure ?? `ended by ${signal ?? `exit code ${code ?? 0}`}`}`));
      });
    });
  });
}

/** In the child: runs the part and tells the parent. A child that has lost its parent ends, and takes with it what it has started. */
export async function answerAsPart(run: () => Promise<object>): Promise<void> {
  const orphaned = (): void => process.exit(1);
  process.once('disconnect', orphaned);
  let message: PartMessage;
  try {
    message = { result: await run() };
  } catch (error) {
    message = { failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  process.send?.(message, () => {
    process.off('disconnect', orphaned);
    process.disconnect();
    if ('failure' in message) process.exit(1); // what it has started may still be running
  });
}

/** Disconnects from the part that is running, which ends it; one that does not notice is killed. */
export function endParts(): void {
  for (const child of children) {
    if (child.connected) child.disconnect();
    setTimeout(() => child.kill('SIGKILL'), END_MS).unref();
  }
}
