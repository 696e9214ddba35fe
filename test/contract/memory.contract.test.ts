import { MemoryLog } from '../support/log/memory-log.js';
import { describeLogContract } from './log-contract.js';

describeLogContract('in memory, the stand-in', async () => {
  const log = new MemoryLog();
  return { instance: () => log.again(), dispose: async () => undefined };
});
