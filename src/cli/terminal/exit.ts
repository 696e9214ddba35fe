/** Exit codes, the same for every verb. */
export const ExitCode = { Fine: 0, Failure: 1, Usage: 2, Violated: 3, Damaged: 4, Interrupted: 130 } as const;

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

/** The work was stopped from outside: by a signal, or because nobody reads the output any more. */
export class Interrupted extends Error {
  constructor(readonly exitCode: number) {
    super('interrupted');
    this.name = 'Interrupted';
  }
}
