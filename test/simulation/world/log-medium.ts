import { EmbeddedLog } from '../../../infra/embedded/embedded-log.js';
import type { Logger } from '../../../src/resilience/logger.js';
import type { ShardLog } from '../../../src/log/port.js';
import { MemoryLog } from '../../support/log/memory-log.js';
import { DiskFiles, simulatedHost } from './disk-files.js';
import type { Machine } from './machine.js';
import { SlowLog } from './slow-log.js';
import { SimulatedProcess } from './world.js';

export const LOG_FOLDER = '/log';

/** Where the shard's log is kept, whichever log this seed chose, and how a process gets at it. */
export class LogMedium {
  private readonly memory: MemoryLog;

  constructor(private readonly machine: Machine) {
    this.memory = new MemoryLog({ plan: () => this.plan() });
  }

  /** The log for one process. With `takeOver` it fences a writer that still lives. */
  of(process: SimulatedProcess, sink: Logger | undefined, takeOver = false): ShardLog {
    const { machine } = this;
    const { log, segmentBytes, sync } = machine.profile;
    if (log === 'memory') return new SlowLog(this.memory.again(), machine, process);
    return new EmbeddedLog({
      folder: LOG_FOLDER,
      segmentBytes,
      sync,
      takeOver,
      files: new DiskFiles(machine, process),
      host: simulatedHost(machine, process),
      ...(sink === undefined ? {} : { log: sink }),
    });
  }

  /** The log for the checks: no fault and no delay touches that reader. */
  forChecks(): ShardLog {
    const { machine } = this;
    if (machine.profile.log === 'memory') return this.memory;
    const reader = new SimulatedProcess(0);
    const files = new DiskFiles(machine, reader);
    files.read = (fd, into, offset, length, at) => Promise.resolve(files.readNow(fd, into, offset, length, at));
    return new EmbeddedLog({ folder: LOG_FOLDER, files, host: simulatedHost(machine, reader) });
  }

  private plan(): { outcome: 'unknown'; stored: boolean } | undefined {
    const { machine } = this;
    if (!machine.fails(machine.profile.disk.appendIsUnknown)) return undefined;
    machine.world.count('appendUnknown');
    const stored = machine.world.random.chance(0.5);
    machine.world.tell(`an append ends unknown, ${stored ? 'stored' : 'not stored'}`);
    return { outcome: 'unknown', stored };
  }
}
