/** A stand-in server and the logs of one test on it. */
import { EventStoreLog, type EventStoreLogOptions } from '../../../infra/eventstoredb/eventstore-log.js';
import type { LogWriter } from '../../../src/log/port.js';
import { asRead, type ReadBatch, type Sealer } from '../log/batches.js';
import { StandInServer } from './stand-in-server.js';

/** What a log said of itself. */
export interface Said {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
}

export class EventStoreTrial {
  readonly said: Said[] = [];
  private readonly logs: EventStoreLog[] = [];

  private constructor(readonly server: StandInServer) {}

  static async begin(): Promise<EventStoreTrial> {
    return new EventStoreTrial(await StandInServer.start());
  }

  /** Another instance, as another process would have it. `client`: options of the client, as in `defaultDeadline=500`. */
  log(options: Partial<EventStoreLogOptions> = {}, client = ''): EventStoreLog {
    const connection = this.server.connection(client);
    const log = new EventStoreLog({ connection, prefix: 'parley', shard: 0, log: this.sink, ...options });
    this.logs.push(log);
    return log;
  }

  /** Appends batches of so many events (and their BatchSealed), and returns them as they must be read. */
  async append(writer: LogWriter, sealer: Sealer, ...counts: number[]): Promise<ReadBatch[]> {
    const batches: ReadBatch[] = [];
    for (const count of counts) {
      const batch = sealer.sealSome(count);
      const outcome = await writer.append(batch);
      if (outcome !== 'appended') throw new Error(outcome, { cause: writer.failure });
      batches.push(asRead(batch));
    }
    return batches;
  }

  /** The types of the records that stand in the shard's stream. */
  types(shard = 0): string[] {
    return (this.server.streams.records(`parley_shard-${shard}`) ?? []).map(({ type }) => type);
  }

  async end(): Promise<void> {
    await Promise.all(this.logs.map((log) => log.close()));
    await this.server.stop();
  }

  private readonly sink = {
    info: (_details: object, message: string) => this.said.push({ level: 'info', message }),
    warn: (_details: object, message: string) => this.said.push({ level: 'warn', message }),
    error: (_details: object, message: string) => this.said.push({ level: 'error', message }),
  };
}
