import type { LogCalls } from '../workers/log-calls.js';
import type { Intake } from '../workers/log-file/intake.js';
import type { Audited, Replayed } from '../workers/log-file/proofs.js';
import type { Asked, Source } from './source.js';
import { type CallPort, type CallWays, WorkerCalls } from './worker-calls.js';

type Calls = WorkerCalls<LogCalls>;

/** A worker of logs, which is this source's alone. */
export interface LogWorker extends CallPort {
  terminate(): void;
}

/** What a file tells, by a worker that has read it. No server is asked. */
export class FileSource implements Source {
  readonly kind = 'file';

  private constructor(
    private readonly calls: Calls,
    private readonly worker: LogWorker,
    /** Of the file. */
    readonly name: string,
    /** What was noticed while it was read. */
    readonly told: Intake,
  ) {}

  /**
   * Reads an exported log, gzip or not. Progress is in bytes of the file. Rejects with ParleyError, whose code is one of FileErrorCode where
   * the file is no log, or with the signal's reason; the worker is then ended.
   */
  static async open(file: File, worker: LogWorker, ways: CallWays = {}): Promise<FileSource> {
    const calls: Calls = new WorkerCalls(worker);
    try {
      return new FileSource(calls, worker, file.name, await calls.call('open', [file], ways));
    } catch (error) {
      worker.terminate();
      throw error;
    }
  }

  /** Position after its last event. */
  get head(): number {
    return this.told.head;
  }

  /** What a replay up to a moment comes to, as `parley replay` says it. Progress is in events. */
  replay(asked: Asked, ways: CallWays = {}): Promise<Replayed> {
    return this.calls.call('replay', [bare(asked)], ways);
  }

  /** The audit of the whole file. Progress is in events. */
  audit(ways: CallWays = {}): Promise<Audited> {
    return this.calls.call('audit', [], ways);
  }

  /** Ends the worker. Whatever waits is rejected. */
  close(): void {
    this.worker.terminate();
    this.calls.fail('the file was closed');
  }

  instruments: Source['instruments'] = (asked) => this.calls.call('instruments', [bare(asked)], asked);
  tickers: Source['tickers'] = (asked) => this.calls.call('tickers', [bare(asked)], asked);
  ticker: Source['ticker'] = (symbol, asked) => this.calls.call('ticker', [symbol, bare(asked)], asked);
  book: Source['book'] = (symbol, asked) => this.calls.call('book', [symbol, bare(asked)], asked);
  trades: Source['trades'] = (symbol, asked) => this.calls.call('trades', [symbol, bare(asked)], asked);
  candles: Source['candles'] = (symbol, asked) => this.calls.call('candles', [symbol, bare(asked)], asked);
  intention: Source['intention'] = (id, asked) => this.calls.call('intention', [id, bare(asked)], asked);
  intentions: Source['intentions'] = (asked) => this.calls.call('intentions', [bare(asked)], asked);
  deal: Source['deal'] = (id, asked) => this.calls.call('deal', [id, bare(asked)], asked);
  deals: Source['deals'] = (asked) => this.calls.call('deals', [bare(asked)], asked);
  positions: Source['positions'] = (asked) => this.calls.call('positions', [bare(asked)], asked);
  doubts: Source['doubts'] = (asked) => this.calls.call('doubts', [bare(asked)], asked);
  why: Source['why'] = (id, asked) => this.calls.call('why', [id, bare(asked)], asked);
  intentionChart: Source['intentionChart'] = (id, asked) => this.calls.call('intentionChart', [id, bare(asked)], asked);
  dealChart: Source['dealChart'] = (id, asked) => this.calls.call('dealChart', [id, bare(asked)], asked);
  chartAs: Source['chartAs'] = (subject, format, asked) =>
    this.calls.call('chartAs', [subject, format, bare(asked)], asked);
  timeline: Source['timeline'] = (asked) => this.calls.call('timeline', [bare(asked)], asked);
  moment: Source['moment'] = (asked) => this.calls.call('moment', [bare(asked)], asked);
  events: Source['events'] = (query) => this.calls.call('events', [bare(query)], query);
}

/** What was asked, but for the signal, which does not travel. */
function bare<Given extends Pick<Asked, 'signal'>>({
  signal: _signal,
  ...asked
}: Given): Omit<Given, 'signal'> & object {
  return asked;
}
