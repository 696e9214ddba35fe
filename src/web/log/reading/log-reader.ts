import { signal } from '@preact/signals';
import type { ParleySocket } from '../../../client/socket/socket.js';
import type { RecordedEvent } from '../../../client/types.js';
import { Frames } from '../../parts/frames.js';
import type { Source } from '../../source/source.js';
import { everything, judge, type LogFilter, typesOf } from '../telling/filter.js';
import type { LogNames } from '../telling/names.js';
import { follow } from '../../source/follow.js';
import { LogWindow } from './log-window.js';
import { NameLookUps } from './name-look-ups.js';
import { type PagesRead, readEarlier, readLater, type Reading } from './pages.js';
import { beginOfStream, readStream } from './stream-pages.js';

export interface ReaderOptions {
  readonly source: Source;
  readonly shard: number | undefined;
  /** The moment at which the page stands: nothing from there on is read. */
  readonly at: number | undefined;
  /** Where new events come from, of a log that is live. */
  readonly socket: ParleySocket | undefined;
  readonly names: LogNames;
}

/** More are not gathered for a frame: a page that is not looked at gets no frames. */
const MOST_GATHERED = 10_000;
/** Where more than this many come in a frame nobody reads each: they are shown a little later, and frames stay free for the rest. */
const FLOOD = 50;
const FLOOD_MS = 50;

/**
 * What the log view shows: a window on the log, the filter, and the events that come.
 *
 * 1. While it follows, the window ends where the log does. Otherwise what comes is held in `later`, up to as many, and joins the window
 *    when it follows again.
 * 2. Only the latest reading goes on; it is given up when another one begins.
 */
export class LogReader {
  /** It ends where the log does, or before the moment at which the page stands. */
  readonly isFollowing = signal(true);
  /** It was told to pause, and does not follow again because its end is looked at. */
  isHeld = false;
  /** How many have come since it does not follow. */
  readonly waiting = signal(0);
  readonly reading = signal<'first' | 'earlier' | 'later' | undefined>('first');
  /** The filter leaves so much out that the reading stopped for a word. */
  readonly isGivenUp = signal(false);
  readonly error = signal<unknown>(undefined);
  /** Where the window’s end can be: the log’s end, or the moment at which the page stands. */
  readonly end = signal(0);
  readonly lookUps: NameLookUps;
  private readonly window = new LogWindow(0);
  private readonly later = new LogWindow(0);
  private readonly over = new AbortController();
  private readonly frames = new Frames(() => this.frame());
  private drainedMs = 0;
  private filter: LogFilter = everything;
  private gathered: RecordedEvent[] = [];
  private current = new AbortController();
  private unsubscribe: (() => void) | undefined;
  private isStarted = false;
  /** Grows whenever what is to be seen changes. */
  private readonly version = signal(0);

  constructor(readonly options: ReaderOptions) {
    const { source, names, shard } = options;
    this.lookUps = new NameLookUps(source, names, { shard, signal: this.over.signal });
  }

  /** Finds the log’s end, reads what stands before it, and follows what comes. `around`: begins there instead. */
  async start(filter: LogFilter, around: number | undefined): Promise<void> {
    const { source, shard, at } = this.options;
    this.filter = filter;
    try {
      const { position } = await source.moment({ shard, at, signal: this.over.signal });
      if (this.over.signal.aborted) return;
      this.end.value = position;
      this.later.reset(position);
      this.window.reset(position);
      this.isStarted = true;
      this.subscribe(position);
      if (around === undefined) await this.readFirst();
      else await this.goTo(around);
    } catch (error) {
      this.fail(error);
    }
  }

  /** Shows what passes another filter: from the end on, backwards. */
  async filterBy(filter: LogFilter): Promise<void> {
    if (filter === this.filter) return;
    this.filter = filter;
    if (this.isStarted) await this.readFirst();
  }

  /** Puts a position in the middle of the window, and follows no more. */
  async goTo(position: number): Promise<void> {
    this.stopFollowing();
    this.window.reset(Math.min(position, this.end.value));
    await this.read('first', async (reading) => {
      await readLater(this.window, this.lastEnd, reading);
      return readEarlier(this.window, reading);
    });
  }

  /** Reads back, or on towards the end where the window does not reach it. Nothing happens while something is being read. */
  async readMore(way: 'earlier' | 'later'): Promise<void> {
    const { window } = this;
    if (this.reading.value !== undefined || (way === 'earlier' ? window.from === 0 : this.isAtEnd)) return;
    await this.read(way, (reading) => {
      return way === 'earlier' ? readEarlier(window, reading) : readLater(window, this.lastEnd, reading);
    });
  }

  /** What is held of the log; who has read it is drawn again when that changes. */
  get seen(): Pick<LogWindow, 'rows' | 'from' | 'to'> & { readonly version: number } {
    const { rows, from, to } = this.window;
    return { rows, from, to, version: this.version.value };
  }

  /** Whether nothing lies between the window and what has come since. */
  get isAtEnd(): boolean {
    return this.window.to >= this.lastEnd;
  }

  /** Keeps what is shown, and counts what comes. `isHeld`: until it is told to follow. */
  stopFollowing(isHeld = false): void {
    this.isHeld ||= isHeld;
    if (!this.isFollowing.value) return;
    this.isFollowing.value = false;
    this.later.reset(this.window.to);
    this.waiting.value = 0;
  }

  /** Back to the end, with all that has come. */
  follow(): void {
    if (this.isFollowing.value) return;
    this.current.abort();
    this.reading.value = undefined;
    this.drain();
    this.window.follow(this.later);
    this.later.reset(this.window.to);
    this.waiting.value = 0;
    this.isFollowing.value = true;
    this.isHeld = false;
    this.version.value++;
  }

  /** Looks up what is not known of the rows that can be seen. */
  see(first: number, last: number): void {
    for (const { event } of this.window.rows.slice(first, last)) this.lookUps.want(event);
    this.lookUp();
  }

  close(): void {
    this.over.abort();
    this.current.abort();
    this.frames.end();
    this.unsubscribe?.();
  }

  private get lastEnd(): number {
    return this.isFollowing.value || this.options.socket === undefined ? this.end.value : this.later.from;
  }

  private async readFirst(): Promise<void> {
    const { source } = this.options;
    const { stream } = this.filter;
    this.isFollowing.value = true;
    this.isHeld = false;
    this.later.reset(this.end.value);
    this.waiting.value = 0;
    this.window.reset(this.end.value);
    await this.read('first', async (reading) => {
      const from = await beginOfStream(source, stream, reading.signal);
      if (from === undefined) return readEarlier(this.window, reading);
      return readStream(this.window, { stream, from }, reading);
    });
  }

  private async read(what: 'first' | 'earlier' | 'later', by: (reading: Reading) => Promise<PagesRead>): Promise<void> {
    this.current.abort();
    const current = new AbortController();
    this.current = current;
    this.reading.value = what;
    this.error.value = undefined;
    const { source, shard, names } = this.options;
    try {
      const { isGivenUp } = await by({
        ...{
          source,
          shard,
          types: typesOf(this.filter),
          judge: this.judge,
          signal: AbortSignal.any([current.signal, this.over.signal]),
        },
        onPage: ({ events }) => {
          for (const event of events) names.take(event);
          this.version.value++;
        },
      });
      if (current.signal.aborted) return;
      this.isGivenUp.value = isGivenUp;
    } catch (error) {
      if (current.signal.aborted) return;
      this.fail(error);
    }
    this.reading.value = undefined;
    this.changed();
  }

  private readonly judge = (event: RecordedEvent) => {
    const verdict = judge(this.filter, event, this.options.names);
    if (verdict === 'unknown') this.lookUps.want(event);
    return verdict;
  };

  private subscribe(from: number): void {
    const { socket, shard } = this.options;
    if (socket === undefined) return;
    let next = from;
    this.unsubscribe?.();
    this.unsubscribe = follow(socket, {
      wish: () => ({ channel: 'events', from: next, ...(shard !== undefined && { shard }) }),
      take: (event) => {
        next = event.position + 1;
        this.gather(event);
      },
      failed: this.fail,
    });
  }

  private gather(event: RecordedEvent): void {
    this.gathered.push(event);
    if (this.gathered.length >= MOST_GATHERED) this.drain();
    else this.frames.want();
  }

  private frame(): void {
    const isEarly = performance.now() - this.drainedMs < FLOOD_MS;
    if (isEarly && this.gathered.length > FLOOD) this.frames.want();
    else this.drain();
  }

  /** Takes what was gathered since the last time. */
  private drain(): void {
    const events = this.gathered;
    const last = events.at(-1);
    if (last === undefined || this.over.signal.aborted) return;
    this.gathered = [];
    this.drainedMs = performance.now();
    for (const event of events) this.options.names.take(event);
    const target = this.isFollowing.value ? this.window : this.later;
    target.append(events, last.position + 1, this.judge);
    this.end.value = Math.max(this.end.value, last.position + 1);
    if (!this.isFollowing.value) this.waiting.value = this.later.appended;
    this.changed();
  }

  private changed(): void {
    this.version.value++;
    this.lookUp();
  }

  private lookUp(): void {
    if (!this.lookUps.isDue) return;
    void this.lookUps.run().then(() => {
      if (this.over.signal.aborted) return;
      this.window.judgeAgain(this.judge);
      this.later.judgeAgain(this.judge);
      this.version.value++;
    });
  }

  private readonly fail = (error: unknown): void => {
    if (this.over.signal.aborted) return;
    this.reading.value = undefined;
    this.error.value = error;
  };
}
