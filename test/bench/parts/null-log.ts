import type { AppendOutcome, LogWriter, ShardLog } from '../../../src/log/port.js';

/** Stands in for a log: takes every batch at once and keeps nothing. It shows what a shard costs without its disk. */
export class NullLog implements ShardLog {
  constructor(readonly shard = 0) {}

  async open(): Promise<LogWriter> {
    return {
      epoch: 1,
      head: 0,
      failure: undefined,
      append: async (): Promise<AppendOutcome> => 'appended',
      close: async () => undefined,
    };
  }

  async head(): Promise<number> {
    return 0;
  }

  async *read(): AsyncGenerator<never> {
    // There is nothing to read.
  }

  follow(): AsyncGenerator<never> {
    return this.read();
  }

  readStream(): AsyncGenerator<never> {
    return this.read();
  }
}
