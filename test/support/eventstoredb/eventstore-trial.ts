/** A stand-in server and the logs of one test on it. */
import { EventStoreLog, type EventStoreLogOptions } from '../../../infra/eventstoredb/eventstore-log.js';
import type { LogWriter } from '../../../src/log/port.js';
import { asRead, type ReadBatch, type Sealer } from '../log/batches.js';
import { StandInServer } from './stand-in-server.js';
import { PATIENT } from './terms.js';

/** What a log said of itself. */
export interface Said {
  readonly level: 'info' | 'warn' | 'error';
  readonly details: Readonly<Record<string, unknown>>;
  readonly message: string;
}

export class EventStoreTrial {
  readonly said: Said[] = [];
  private readonly logs: EventStoreLog[] = [];

  private constructor(readonly server: StandInServer) {}

  static async begin(): Promise<EventStoreTrial> {
    return new EventStoreTrial(await StandInServer.start());
  }

  /**
   * Another instance, as another process would have it, that waits as long as tests do unless options say otherwise. `client`: options
   * of the client, as in `defaultDeadline=500`.
   */
  log(options: Partial<EventStoreLogOptions> = {}, client?: string): EventStoreLog {
    const connection = this.server.connection(client);
    const target = { connection, prefix: 'parley', shard: 0, log: this.sink };
    const log = new EventStoreLog({ ...target, ...PATIENT, ...options });
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

  /** The warnings with this message. */
  warnings(message: string): Said[] {
    return this.said.filter((said) => said.level === 'warn' && said.message === message);
  }

  async end(): Promise<void> {
    await Promise.all(this.logs.map((log) => log.close()));
    this.server.stop();
  }

  private readonly sink = {
    info: (details: object, message: string) => this.say('info', details, message),
    warn: (details: object, message: string) => this.say('warn', details, message),
    error: (details: object, message: string) => this.say('error', details, message),
  };

  private say(level: Said['level'], details: object, message: string): void {
    this.said.push({ level, details: { ...details }, message });
  }
}
