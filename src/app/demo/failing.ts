import type { Faults } from '../../exchange/shard/injected-faults.js';

const FIRST = 20;
const EVERY = 90;
/** Of the failures, each so-manieth is one that no rebuilding mends. */
const STUBBORN_EVERY = 3;

/**
 * Lets a negotiator fail now and then, amid a handshake, so that there is supervision to look at: most are rebuilt from their streams and
 * their deals go on as if nothing had happened; each third fails however often it is rebuilt, until it is parked and its deal is aborted.
 * That spares what is to be dealt whole, so that an audit has nothing to note.
 */
export function nowAndThen(): Faults {
  let acceptances = 0;
  let failures = 0;
  let nextAt = FIRST;
  let stubborn = 0;
  return ({ initiatorId, isOfWhole }) => {
    if (initiatorId === stubborn) return true;
    const isStubborn = (failures + 1) % STUBBORN_EVERY === 0;
    if (++acceptances < nextAt || (isStubborn && isOfWhole)) return false;
    nextAt = acceptances + EVERY;
    failures++;
    stubborn = isStubborn ? initiatorId : 0;
    return true;
  };
}
