/** The scenarios of `npm run crash`: each is one kind of failure, under its own name. */
import type { CrashingProcess } from './process.js';
import { killedUnderLoad, killedWhileStarting, powerLostUnderLoad } from './rounds/killed.js';
import { clockJumps, diskLies, writesCutShort } from './rounds/misled.js';
import { diskFull, diskSaidToBeFull, filesLimited, syncFailed } from './rounds/refused.js';
import { takenOver } from './rounds/taken-over.js';

export interface Scenario {
  readonly name: string;
  readonly says: string;
  /** Its share of all kills, in hundredths. */
  readonly share: number;
  readonly killsPerRound: number;
  /** Whether it runs on the disk that loses power. */
  readonly losesPower: boolean;
  /** How many shards its folder is divided into, where it is. */
  readonly shards?: number;
  /** The checks must find that acknowledged commands were lost. */
  readonly isToFail?: true;
  /** Ends with all its servers dead. */
  readonly round: (run: CrashingProcess) => Promise<void>;
}

/** `mayMount`: a small disk may be mounted, to be filled. */
export const listScenarios = (mayMount: boolean): readonly Scenario[] => [
  {
    name: 'lying-disk',
    says: 'syncs that do nothing: the checks must find what is lost',
    ...{ share: 3, killsPerRound: 1, losesPower: true, isToFail: true, round: diskLies },
  },
  {
    name: 'kill',
    says: 'kill -9 under load',
    ...{ share: 12, killsPerRound: 1, losesPower: false, round: killedUnderLoad },
  },
  {
    name: 'power',
    says: 'power lost under load: bytes and names that were not synced are lost, torn or zero',
    ...{ share: 24, killsPerRound: 1, losesPower: true, round: powerLostUnderLoad },
  },
  {
    name: 'start',
    says: 'kills, with and without a loss of power, while it starts and recovers',
    ...{ share: 16, killsPerRound: 3, losesPower: true, round: killedWhileStarting },
  },
  {
    name: 'shards',
    says: 'the same on a folder of two shards, whose logs are written by two threads',
    ...{ share: 10, killsPerRound: 3, losesPower: true, shards: 2, round: killedWhileStarting },
  },
  {
    name: 'take-over',
    says: 'a writer that hangs is taken over, and then goes on',
    ...{ share: 10, killsPerRound: 2, losesPower: true, round: takenOver },
  },
  {
    name: 'sync-error',
    says: 'a sync that fails once',
    ...{ share: 7, killsPerRound: 1, losesPower: true, round: syncFailed },
  },
  {
    name: 'full-disk',
    says: mayMount
      ? 'no space left, on a small tmpfs'
      : 'no space left, as the library says: nothing may be mounted here',
    ...{ share: 4, killsPerRound: 1, losesPower: !mayMount, round: mayMount ? diskFull : diskSaidToBeFull },
  },
  {
    name: 'file-limit',
    says: 'a file that may not grow any more',
    ...{ share: 4, killsPerRound: 1, losesPower: false, round: filesLimited },
  },
  {
    name: 'clock',
    says: 'a clock that jumps ahead by days and back by hours',
    ...{ share: 4, killsPerRound: 1, losesPower: true, round: clockJumps },
  },
  {
    name: 'short-writes',
    says: 'writes that take a part, and interrupted calls',
    ...{ share: 6, killsPerRound: 1, losesPower: true, round: writesCutShort },
  },
];
