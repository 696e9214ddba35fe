import { ExitCode, Failure } from '../exit.js';

/** Nobody has ever written a log there. */
export class NoLogError extends Failure {
  constructor(message: string) {
    super(ExitCode.Failure, message);
    this.name = 'NoLogError';
  }
}
