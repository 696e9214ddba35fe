import type { Share } from './protocol.js';

/** A piece of work. What it returns, if anything, is settled when it is done. */
type Piece = () => Promise<unknown> | undefined;

interface Line {
  weight: number;
  /** Work that takes no time to speak of, and work that does. */
  readonly short: Piece[];
  readonly long: Piece[];
  /** How much of the thread's time it has had, divided by its weight. */
  spentMs: number;
}

/**
 * Work of one thread, a piece at a time, in turns between those whose share it counts on.
 *
 * 1. The share that has had the least time, by weight, is next; so what takes long is paid for by who asked for it. Within one share, what is
 *    short goes first.
 * 2. A new share begins where the one stands that was served last: having been away earns nothing. One that leaves and comes back keeps
 *    the time it has had until the others have had as much.
 * 3. Between two pieces other work of the thread has its turn; and while a piece waits for something, which then takes its turn's time.
 *
 * The server's own thread takes turns by another rule, RequestTurns: its pieces are short, so a round costs little and nothing is owed
 * after it. A query may take as long as a thousand others, and who is answered asks again: its time is remembered while it is away.
 */
export class QueryTurns {
  private readonly lines = new Map<string, Line>();
  private waiting = 0;
  private isRunning = false;
  /** What the one had spent that was served last, before that. */
  private servedMs = 0;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** What the work comes to when its turn has come. Work that is asynchronous has the turn until it is settled. */
  take<Value>({ id, weight }: Share, isShort: boolean, work: () => Value | Promise<Value>): Promise<Value> {
    return new Promise((resolve, reject) => {
      const line = this.lineOf(id);
      line.weight = weight;
      const refuse = (error: unknown): void => reject(error instanceof Error ? error : new Error(String(error)));
      (isShort ? line.short : line.long).push(() => {
        try {
          const made = work();
          if (made instanceof Promise) return made.then(resolve, refuse);
          resolve(made);
        } catch (error) {
          refuse(error);
        }
        return undefined;
      });
      this.waiting++;
      if (this.isRunning) return;
      this.isRunning = true;
      setImmediate(this.serve);
    });
  }

  private lineOf(id: string): Line {
    const line = this.lines.get(id) ?? { weight: 1, short: [], long: [], spentMs: 0 };
    if (isEmpty(line)) line.spentMs = Math.max(line.spentMs, this.servedMs);
    this.lines.set(id, line);
    return line;
  }

  private readonly serve = (): void => {
    const line = this.next();
    const work = line?.short.shift() ?? line?.long.shift();
    if (line === undefined || work === undefined) {
      this.isRunning = false;
      return;
    }
    this.servedMs = line.spentMs;
    this.waiting--;
    const startMs = this.now();
    const served = (): void => {
      line.spentMs += (this.now() - startMs) / line.weight;
      this.forget();
      this.isRunning = this.waiting > 0;
      if (this.isRunning) setImmediate(this.serve);
    };
    const settled = work();
    if (settled === undefined) served();
    else void settled.then(served);
  };

  private next(): Line | undefined {
    let next: Line | undefined;
    for (const line of this.lines.values()) {
      if (!isEmpty(line) && (next === undefined || line.spentMs < next.spentMs)) next = line;
    }
    return next;
  }

  /** Those who wait for nothing and owe nothing. */
  private forget(): void {
    if (this.waiting === 0) this.servedMs = Math.max(this.servedMs, ...[...this.lines.values()].map(spentOf));
    for (const [id, line] of this.lines) if (isEmpty(line) && line.spentMs <= this.servedMs) this.lines.delete(id);
  }
}

function isEmpty({ short, long }: Line): boolean {
  return short.length === 0 && long.length === 0;
}

function spentOf({ spentMs }: Line): number {
  return spentMs;
}
