import { MemoryLog, type PlannedFailure } from '../support/log/memory-log.js';
import { describeLogContract } from './log-contract.js';

describeLogContract('in memory, the stand-in', async () => {
  let failure: PlannedFailure | undefined;
  const plan = (): PlannedFailure | undefined => {
    const planned = failure;
    failure = undefined;
    return planned;
  };
  const log = new MemoryLog({ plan });
  return {
    instance: () => log.again(),
    failNext: (stored) => {
      failure = { outcome: 'unknown', stored };
    },
    restart: 'it lives in this process, and ends with it',
    dispose: async () => undefined,
  };
});
