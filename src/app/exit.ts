/** Exit codes, the same for every verb. */
export const ExitCode = { Fine: 0, Failure: 1, Usage: 2, Violated: 3, Damaged: 4, Interrupted: 130 } as const;

/** What each of them means, in the words of the help. */
export const exitCodeSays: Readonly<Record<keyof typeof ExitCode, string>> = {
  Fine: 'fine',
  Failure: 'failure',
  Usage: 'usage: unknown verbs and options, malformed input (with file and line)',
  Violated: 'an expectation, the audit or an invariant failed',
  Damaged: 'the log is damaged, or something of it is gone',
  Interrupted: 'interrupted',
};

/** Ends the verb with this exit code and one line that says why. */
export class Failure extends Error {
  constructor(
    readonly exitCode: number,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'Failure';
  }
}

/** A failure because the command line, or a file that it names, is wrong. */
export function usage(says: string, cause?: unknown): Failure {
  return new Failure(ExitCode.Usage, says, { cause });
}

/** A failure of a correct command line. */
export function failure(says: string, cause?: unknown): Failure {
  return new Failure(ExitCode.Failure, says, { cause });
}

/** The work was stopped from outside: by a signal, or because nobody reads the output any more. */
export class Interrupted extends Error {
  constructor(readonly exitCode: number) {
    super('interrupted');
    this.name = 'Interrupted';
  }
}
