/** Everything that a simulation counts: faults that were caused, and their consequences. Each of them must happen sometimes. */
export const faultKinds = [
  'processKilled',
  'powerLost',
  'killedAtFileCall',
  'restart',
  'zombie',
  'diskFull',
  'writeRefused',
  'writeShort',
  'writeFailed',
  'syncFailed',
  'syncSlow',
  'clockForward',
  'clockBack',
  'negotiatorFailed',
  'requestLost',
  'answerLost',
  'messageDoubled',
  'appendUnknown',
] as const;

export const sometimesKinds = [
  'dealResumed',
  'dealSettledByLedger',
  'arrivalInterrupted',
  'auctionInterrupted',
  'tornTailCut',
  'tornTailIgnored',
  'zombieFenced',
  'zombieUnknown',
  'writerLocked',
  'snapshotMade',
  'snapshotUsed',
  'snapshotPassedOver',
  'startFailed',
  'crashInRecovery',
  'negotiatorRebuilt',
  'negotiatorParked',
  'unknownStored',
  'unknownNotStored',
  'answerRepeatedAfterCrash',
  'refusedForState',
  'auctionDealt',
  'expired',
] as const;

const workKinds = ['commands', 'events', 'logEvents', 'deals', 'crashes'] as const;

export type Counted = (typeof faultKinds)[number] | (typeof sometimesKinds)[number] | (typeof workKinds)[number];

export type Tally = Record<Counted, number>;

export function emptyTally(): Tally {
  const names: readonly Counted[] = [...faultKinds, ...sometimesKinds, ...workKinds];
  return Object.fromEntries(names.map((name) => [name, 0])) as Tally; // exactly these names
}

export function addTally(sum: Tally, more: Tally): void {
  for (const name of Object.keys(sum) as Counted[]) sum[name] += more[name]; // a tally's own keys
}
