import { EventStoreLog } from '../../infra/eventstoredb/eventstore-log.js';
import type { AppendFault } from '../support/eventstoredb/faults.js';
import { StandInServer } from '../support/eventstoredb/stand-in-server.js';
import { describeLogContract, type LogMedium } from './log-contract.js';

/** Some 5 MB: more than a gRPC message, several appends, and many pages. */
const LARGE_BATCH = 20_000;

interface Patience {
  readonly patienceMs?: number;
  readonly appendBytes?: number;
}

/** `fault` befalls the appends of a writer that is told to fail, until another instance comes. */
function standIn(fault: Omit<AppendFault, 'stored'>, patience: Patience) {
  return async (): Promise<LogMedium> => {
    const server = await StandInServer.start();
    const logs: EventStoreLog[] = [];
    return {
      instance: () => {
        server.faults.heal();
        const options = { connection: server.connection(), prefix: 'parley', shard: 0 };
        const log = new EventStoreLog({ ...options, ...patience });
        logs.push(log);
        return log;
      },
      largeBatch: LARGE_BATCH,
      failNext: (stored) => server.faults.failAppends({ ...fault, stored }),
      restart: () => server.restart(),
      dispose: async () => {
        await Promise.all(logs.map((log) => log.close()));
        await server.stop();
      },
    };
  };
}

describeLogContract(
  'EventStoreDB’s client with a stand-in server that fails once',
  standIn({ answer: 'unavailable' }, { appendBytes: 50_000 }),
);
describeLogContract(
  'EventStoreDB’s client with a stand-in server that goes on failing',
  standIn({ answer: 'unavailable', times: Infinity }, { patienceMs: 300 }),
);
