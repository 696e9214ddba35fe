import { MemoryLog as PlainMemoryLog, MemoryMedium } from '../../infra/memory/memory-log.js';
import { MemoryLog, type PlannedFailure } from '../support/log/memory-log.js';
import { describeLogContract } from './log-contract.js';

const restart = 'it lives in this process, and ends with it';

describeLogContract('in memory', async () => {
  const medium = new MemoryMedium();
  return {
    instance: () => new PlainMemoryLog(0, medium),
    failNext: 'it never fails; the one that tests take apart does',
    restart,
    dispose: async () => undefined,
  };
});

describeLogContract('in memory, with failures', async () => {
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
    restart,
    dispose: async () => undefined,
  };
});
