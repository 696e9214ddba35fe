/**
 * A stand-in for the topic of the members' reports, for tests: it keeps reports in memory and carries them between
 * members of one process. Each member has a connection of its own, which can be lossy, deaf or cut off.
 */
import type { MemberReport, Registry } from '../../../src/cluster/membership/registry.js';
import { isAborted } from '../../../src/log/aborted.js';

type Deliver = (report: MemberReport) => void;

export class MemoryRegistry {
  private readonly connections: RegistryConnection[] = [];
  /** The last report of each member, which a newcomer receives first. */
  readonly last = new Map<string, MemberReport>();

  connect(): RegistryConnection {
    const connection = new RegistryConnection(this);
    this.connections.push(connection);
    return connection;
  }

  /** Lets everybody hear a report who can. */
  publish(report: MemberReport): void {
    this.last.set(report.memberId, report);
    for (const connection of this.connections) connection.deliver(report);
  }
}

export class RegistryConnection implements Registry {
  /** Neither takes nor brings anything, and says so. */
  isCut = false;
  /** Takes reports, and loses them. */
  isLossy = false;
  /** Brings nothing, and does not say so. */
  isDeaf = false;
  private readonly followers = new Map<Deliver, () => void>();

  constructor(private readonly registry: MemoryRegistry) {}

  async announce(report: MemberReport): Promise<void> {
    if (this.isCut) throw new Error('the registry is away');
    if (!this.isLossy) this.registry.publish(structuredClone(report));
  }

  /** Cuts the connection, or mends it. A cut ends all who follow with an error. */
  cut(isCut: boolean): void {
    this.isCut = isCut;
    if (isCut) for (const fail of this.followers.values()) fail();
  }

  deliver(report: MemberReport): void {
    if (this.isCut || this.isDeaf) return;
    for (const deliver of this.followers.keys()) deliver(report);
  }

  async *follow(signal: AbortSignal): AsyncGenerator<MemberReport, void, void> {
    if (this.isCut) throw new Error('the registry is away');
    const waiting = [...this.registry.last.values()];
    let wake = (): void => undefined;
    let hasFailed = false;
    const deliver = (report: MemberReport): void => {
      waiting.push(report);
      wake();
    };
    this.followers.set(deliver, () => {
      hasFailed = true;
      wake();
    });
    const onAbort = (): void => wake();
    signal.addEventListener('abort', onAbort);
    try {
      while (!isAborted(signal)) {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) yield next;
        if (isTrue(hasFailed)) throw new Error('the registry went away');
        if (!isAborted(signal)) await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      this.followers.delete(deliver);
      signal.removeEventListener('abort', onAbort);
    }
  }
}

/** Both change between checks, so no check of them says anything about the next. */
function isTrue(flag: boolean): boolean {
  return flag;
}
