import type { Faults } from '../../exchange/shard/injected-faults.js';

const FIRST = 20;
const EVERY = 90;
/** Of the failures, each so-manieth is one that no rebuilding mends. */
const STUBBORN_EVERY = 3;

/**
 * Lets a negotiator fail now and then, amid a handshake, so that there is supervision to look at: most are rebuilt from their streams and
 * their deals go on as if nothing had happened; each third fails however often it is rebuilt, until it is parked and its deal is aborted.
 */
export function nowAndThen(): Faults {
  let acceptances = 0;
  let failures = 0;
  let nextAt = FIRST;
  let stubborn = 0;
  return (intentionId) => {
    if (intentionId === stubborn) return true;
    if (++acceptances < nextAt) return false;
    nextAt = acceptances + EVERY;
    stubborn = ++failures % STUBBORN_EVERY === 0 ? intentionId : 0;
    return true;
  };
}
