import type { Logger } from '../../../src/resilience/logger.js';
import type { Counted } from '../checks/tally.js';
import type { World } from './world.js';

/** What a process says to its operator, by how it begins, and what that proves to have happened. */
const meanings: readonly (readonly [string, Counted])[] = [
  ['deal in doubt: its handshake is resumed', 'dealResumed'],
  ['deal in doubt: it is settled as the ledger says', 'dealSettledByLedger'],
  ['torn tail cut back', 'tornTailCut'],
  ['torn tail left as it is', 'tornTailIgnored'],
  ['snapshot passed over', 'snapshotPassedOver'],
  ['negotiator failed and is rebuilt', 'negotiatorRebuilt'],
  ['negotiator parked', 'negotiatorParked'],
  ['fenced', 'zombieFenced'],
];

/** Listens to one process: its words go into the trace, and are counted. */
export function listenTo(world: World, process: number): Logger {
  const hear = (fields: object, message: string): void => {
    for (const [beginning, counted] of meanings) if (message.startsWith(beginning)) world.count(counted);
    if (message === 'replayed' && wasSnapshotUsed(fields)) world.count('snapshotUsed');
    world.tell(`process ${process} says: ${message}${describe(fields)}`);
  };
  return { info: hear, warn: hear, error: hear };
}

function wasSnapshotUsed(fields: object): boolean {
  return 'head' in fields && 'events' in fields && Number(fields.events) < Number(fields.head);
}

/** The plain values of a line's fields; of an error its message. */
function describe(fields: object): string {
  const told = Object.entries(fields).flatMap(([name, value]: [string, unknown]) => {
    if (value instanceof Error) return [`${name}=${value.message}`];
    const isPlain = typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean';
    return isPlain ? [`${name}=${value}`] : [];
  });
  return told.length === 0 ? '' : ` (${told.join(' ')})`;
}
