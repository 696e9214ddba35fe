import { ExitCode, Interrupted } from '../../app/exit.js';

const exitCodes = { SIGINT: ExitCode.Interrupted, SIGTERM: 143, SIGHUP: 129 } as const;
type Handled = keyof typeof exitCodes;
const signals = Object.keys(exitCodes) as Handled[]; // it has no other keys

/**
 * Turns signals into an abort, so that verbs close what they hold open before the process ends. A second signal ends the process at
 * once. Returns a function that gives the signals back.
 */
export function obeyInterrupts(controller: AbortController): () => void {
  const onSignal = (signal: NodeJS.Signals): void => {
    const exitCode = exitCodes[signal as Handled]; // it listens to these alone
    if (controller.signal.aborted) process.exit(exitCode);
    controller.abort(new Interrupted(exitCode));
  };
  for (const signal of signals) process.on(signal, onSignal);
  return () => {
    for (const signal of signals) process.off(signal, onSignal);
  };
}
