import { randomUUID } from 'node:crypto';
import { EventStoreLog } from '../../infra/eventstoredb/eventstore-log.js';
import { wordy } from '../support/log/batches.js';
import { describeWithServer } from '../support/needs/suite.js';
import { PATIENCE_MS } from '../support/patience.js';
import { describeLogContract } from './log-contract.js';

/** Some 5 MB: more than a gRPC message, several appends, and several pages. */
const LARGE_BATCH = { count: 5_000, event: wordy };

await describeWithServer('eventstoredb', 'log contract: EventStoreDB, a real server', ({ address, origin }) => {
  describeLogContract(`EventStoreDB, ${origin}`, async () => {
    const prefix = `parley_test_${randomUUID().replaceAll('-', '')}`;
    const logs: EventStoreLog[] = [];
    return {
      instance: () => {
        const patience = { patienceMs: PATIENCE_MS, answerMs: PATIENCE_MS };
        const log = new EventStoreLog({ connection: address, prefix, shard: 0, ...patience });
        logs.push(log);
        return log;
      },
      largeBatch: LARGE_BATCH,
      failNext: 'a real server does not fail when it is told to; the stand-in does',
      restart: 'the server is shared with other suites',
      dispose: async () => {
        await Promise.all(logs.map((log) => log.close()));
      },
    };
  });
});
