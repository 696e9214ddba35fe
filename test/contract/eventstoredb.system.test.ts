import { randomUUID } from 'node:crypto';
import { EventStoreLog } from '../../infra/eventstoredb/eventstore-log.js';
import { LARGE_BATCH, PATIENT } from '../support/eventstoredb/terms.js';
import { describeWithServer } from '../support/needs/suite.js';
import { describeLogContract } from './log-contract.js';

await describeWithServer('eventstoredb', 'log contract: EventStoreDB, a real server', ({ address, origin }) => {
  describeLogContract(`EventStoreDB, ${origin}`, async () => {
    const prefix = `parley_test_${randomUUID().replaceAll('-', '')}`;
    const logs: EventStoreLog[] = [];
    return {
      instance: () => {
        const log = new EventStoreLog({ connection: address, prefix, shard: 0, ...PATIENT });
        logs.push(log);
        return log;
      },
      largeBatch: LARGE_BATCH,
      failNext: 'a real server cannot be made to fail; the stand-in can',
      restart: 'the server is shared with other suites',
      dispose: async () => {
        await Promise.all(logs.map((log) => log.close()));
      },
    };
  });
});
