import { vi } from 'vitest';
import { EventStoreLog } from '../../infra/eventstoredb/eventstore-log.js';
import type { AppendFault } from '../support/eventstoredb/faults.js';
import { StandInServer } from '../support/eventstoredb/stand-in-server.js';
import { LARGE_BATCH, PATIENT } from '../support/eventstoredb/terms.js';
import { PATIENCE_MS } from '../support/patience.js';
import { describeLogContract, type LogMedium } from './log-contract.js';

/** As long as three attempts take. */
const ATTEMPT_MS = PATIENCE_MS / 3;

/**
 * `fault` befalls the appends of a writer that is made to fail, until another instance comes. The clock stands still but for the time
 * that such an append takes, so that nothing else is ever at the end of its patience.
 */
function standIn(fault: Omit<AppendFault, 'stored' | 'meanwhile'>, appendBytes?: number) {
  return async (): Promise<LogMedium> => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const meanwhile = (): void => void vi.setSystemTime(Date.now() + ATTEMPT_MS);
    const server = await StandInServer.start();
    const logs: EventStoreLog[] = [];
    return {
      instance: () => {
        server.faults.heal();
        const target = { connection: server.connection(), prefix: 'parley', shard: 0 };
        const log = new EventStoreLog({ ...target, ...PATIENT, ...(appendBytes === undefined ? {} : { appendBytes }) });
        logs.push(log);
        return log;
      },
      largeBatch: LARGE_BATCH,
      failNext: (stored) => server.faults.failAppends({ ...fault, stored, meanwhile }),
      restart: async () => server.restart(),
      dispose: async () => {
        await Promise.all(logs.map((log) => log.close()));
        server.stop();
        vi.useRealTimers();
      },
    };
  };
}

describeLogContract(
  'EventStoreDB’s client with a stand-in server that fails once',
  standIn({ answer: 'unavailable' }, 50_000),
);
describeLogContract(
  'EventStoreDB’s client with a stand-in server that goes on failing',
  standIn({ answer: 'unavailable', times: Infinity }),
);
