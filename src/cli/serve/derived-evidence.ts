import type { LogSink } from '../../log/log-sink.js';
import type { Evidence } from '../../log/port.js';
import { type Derived, evidenceOfDerived } from '../log-target/evidence.js';

/** What was made from a shard's log and knows of it, for whoever opens that; what cannot be read is logged. */
export function derivedEvidence(place: Derived, shard: number, logger: LogSink): Promise<readonly Evidence[]> {
  return evidenceOfDerived(place, (what) => {
    logger.warn({ shard, what }, 'the log could not be compared with something that is kept beside it');
  });
}
