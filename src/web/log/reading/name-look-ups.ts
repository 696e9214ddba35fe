import type { RecordedEvent } from '../../../client/types.js';
import type { Source } from '../../source/source.js';
import { eventOf, type LogNames } from '../telling/names.js';
import { intentionsOf } from '../telling/sentences.js';

/** Intentions that are asked for at once: those with the ids that follow. */
const IDS_A_LOOK = 200;
/** A directory that is not found soon is not looked for: the log is long, and few of its events are of this kind. */
const DIRECTORY_MS = 2_000;
const DIRECTORY_PAGE = 8;
const MOST_WANTED = 20_000;

/**
 * Looks up the names that events do not tell: of intentions that were posted before what was seen, a few hundred at once; and of
 * participants and instruments, at the log’s begin.
 *
 * 1. Nothing is asked for twice, whether it was found or not.
 * 2. One request is under way at a time.
 */
export class NameLookUps {
  private readonly wanted = new Set<number>();
  private readonly asked = new Set<number>();
  private isDirectoryWanted = false;
  private isDirectoryAsked = false;
  private areInstrumentsAsked = false;
  private running: Promise<void> | undefined;

  constructor(
    private readonly source: Pick<Source, 'intentions' | 'instruments' | 'events'>,
    private readonly names: LogNames,
    private readonly options: { readonly shard: number | undefined; readonly signal: AbortSignal },
  ) {}

  /** Notes what is not known of an event. */
  want(event: RecordedEvent): void {
    for (const id of intentionsOf(event)) {
      if (this.wanted.size < MOST_WANTED && !this.asked.has(id) && !this.names.isKnown(id)) this.wanted.add(id);
    }
    if (needsDirectory(event, this.names)) this.isDirectoryWanted = true;
  }

  /** Whether something is wanted that was not asked for. */
  get isDue(): boolean {
    return this.wanted.size > 0 || (this.isDirectoryWanted && !this.isDirectoryAsked);
  }

  /** Looks up what is wanted, until nothing is. Never rejects: what could not be found stays unknown. */
  run(): Promise<void> {
    this.running ??= this.all().finally(() => (this.running = undefined));
    return this.running;
  }

  private async all(): Promise<void> {
    const { signal } = this.options;
    try {
      if (!this.areInstrumentsAsked) {
        this.areInstrumentsAsked = true;
        this.names.learnInstruments(await this.source.instruments({ signal }));
      }
      while (this.wanted.size > 0 && !signal.aborted) await this.someIntentions();
      if (this.isDirectoryWanted && !this.isDirectoryAsked && !signal.aborted) await this.directory();
    } catch {
      // Away, or given up: the numbers are shown, which is what the log holds.
    }
  }

  private async someIntentions(): Promise<void> {
    const first = Math.min(...this.wanted);
    const asked = [...this.wanted].filter((id) => id < first + IDS_A_LOOK);
    for (const id of asked) {
      this.wanted.delete(id);
      this.asked.add(id);
    }
    const limit = Math.max(...asked) - first + 1;
    const query = { after: String(first - 1), limit, signal: this.options.signal };
    for (const intention of await this.source.intentions(query)) {
      this.names.learnIntention(Number(intention.id), intention);
    }
  }

  /** What is admitted and listed stands mostly at the begin of a log. What is found before the time is over counts. */
  private async directory(): Promise<void> {
    this.isDirectoryAsked = true;
    const { shard, signal } = this.options;
    const inTime = AbortSignal.any([signal, AbortSignal.timeout(DIRECTORY_MS)]);
    const types = ['ParticipantAdmitted', 'InstrumentListed'];
    for (let from = 0; ;) {
      const { events, upTo } = await this.source.events({ shard, from, limit: DIRECTORY_PAGE, types, signal: inTime });
      for (const event of events) this.names.take(event);
      if (events.length < DIRECTORY_PAGE) return;
      from = upTo;
    }
  }
}

function needsDirectory(recorded: RecordedEvent, names: LogNames): boolean {
  const event = eventOf(recorded);
  if (intentionsOf(recorded).length > 0) return false;
  if ('participantId' in event && names.participant(event.participantId) === undefined) return true;
  return 'instrumentId' in event && event.instrumentId !== 0 && names.instrument(event.instrumentId) === undefined;
}
