import type { ExitCode } from './exit.js';

export interface FatalError {
  readonly exit: keyof typeof ExitCode;
  readonly says: string;
  /** What an operator can do. */
  readonly remedy: string;
}

/**
 * The codes of errors that end a verb with one line instead of a stack, and at run time stop a shard. An error is known by its code and
 * not by its class: what a thread found is no instance of a class here.
 */
export const fatalErrors: Readonly<Record<string, FatalError>> = {
  LOG_DAMAGED: {
    exit: 'Damaged',
    says: 'the log holds something that no writer can have written; the message names file, frame and byte, and nothing was changed',
    remedy: '`parley audit` shows all of it. Restore a copy, or end the log before the damage: `parley log repair`.',
  },
  LOG_LOST: {
    exit: 'Damaged',
    says: 'something beside the log (a claim, a snapshot, a query store, an anchor) knows of events that it does not hold',
    remedy:
      'Find the right log. To go on without what is lost: `parley serve --accept-loss`, with the position that the message names.',
  },
  DAMAGED_EVENT: {
    exit: 'Damaged',
    says: 'bytes whose checksum is right are no event of the catalogue',
    remedy: 'Use a version of Parley that is not older than the one that wrote them; otherwise as for `LOG_DAMAGED`.',
  },
  BROKEN_HISTORY: {
    exit: 'Violated',
    says: 'the log tells of something that cannot have happened',
    remedy: '`parley audit` names the position. This exchange does not write such a log: keep it, and report it.',
  },
  LOG_LOCKED: {
    exit: 'Failure',
    says: 'another live process writes the log',
    remedy: 'Stop that process. Where it hangs: `parley serve --take-over`, which fences it.',
  },
  LOG_HELD: {
    exit: 'Failure',
    says: 'another process holds back the log’s end, or the right to write it',
    remedy: 'Try again: an open transaction ends by itself, or when its producer does.',
  },
  LOG_UNREACHABLE: {
    exit: 'Failure',
    says: 'nobody answers where the log should be',
    remedy:
      'Bring the brokers or the server back; check `--brokers` or `--connection`. `--patience` bears with slow ones.',
  },
  LOG_REFUSED: {
    exit: 'Failure',
    says: 'the log’s server answers, and says no: credentials, rights, or a set-up that does not fit; or its folder has other shards than are asked for',
    remedy: 'Mend what the message names: trying again changes nothing.',
  },
  CLOCK_BEHIND_LOG: {
    exit: 'Failure',
    says: 'this machine’s clock is far behind the log’s time',
    remedy: 'Set the clock right. To go on in the log’s time: `--max-clock-ahead`.',
  },
  OPEN_TO_OTHERS: {
    exit: 'Usage',
    says: 'without keys the exchange is for this machine alone',
    remedy: 'Give `--keys FILE`, or leave `--host` out.',
  },
};
