/** Which events the log shows. */
import type { RecordedEvent } from '../../../client/types.js';
import type { LogNames } from './names.js';
import { eventOf } from './names.js';
import { plain } from './parts-of-sentences.js';
import { intentionsOf, sentenceOf } from './sentences.js';

/** Empty fields leave everything in. A text that begins with `!` leaves out what it is found in. */
export interface LogFilter {
  /** Nothing but these types; all where there is none. */
  readonly only: readonly string[];
  readonly not: readonly string[];
  readonly stream: string;
  readonly participant: string;
  readonly instrument: string;
  /** Is looked for in the sentence, the stream, and the event’s own texts. */
  readonly text: string;
}

export const everything: LogFilter = { only: [], not: [], stream: '', participant: '', instrument: '', text: '' };

/** `unknown`: it depends on a name that is not known yet. */
export type Verdict = 'yes' | 'no' | 'unknown';

const names = ['only', 'not', 'stream', 'participant', 'instrument', 'text'] as const;
type FieldName = (typeof names)[number];

/** The filter that an address has. */
export function filterIn(query: URLSearchParams): LogFilter {
  const text = (name: FieldName): string => query.get(name)?.trim() ?? '';
  const list = (name: FieldName): readonly string[] =>
    text(name)
      .split(',')
      .filter((each) => each !== '');
  return {
    ...{ only: list('only'), not: list('not'), stream: text('stream') },
    ...{ participant: text('participant'), instrument: text('instrument'), text: text('text') },
  };
}

/** What stands in the address of a filter; undefined takes a field out. */
export function fieldsOf(filter: LogFilter): Readonly<Record<FieldName, string | undefined>> {
  const entries = names.map((name) => {
    const value = filter[name];
    const text = typeof value === 'string' ? value.trim() : value.join(',');
    return [name, text === '' ? undefined : text];
  });
  return Object.fromEntries(entries) as Record<FieldName, string | undefined>; // one of each name
}

/** The filter with types that were shown hidden, or the other way round. `types`: all that there are. */
export function withTypeToggled(filter: LogFilter, type: string, types: readonly string[]): LogFilter {
  const shown = new Set(types.filter((each) => showsType(filter, each)));
  if (!shown.delete(type)) shown.add(type);
  return withTypesShown(filter, shown, types);
}

/** The filter that shows just these types, in the shorter way to say so; so that it leaves types of later versions in where most are shown. */
export function withTypesShown(filter: LogFilter, shown: ReadonlySet<string>, types: readonly string[]): LogFilter {
  const hidden = types.filter((type) => !shown.has(type));
  const isMost = hidden.length <= types.length / 2;
  return { ...filter, only: isMost ? [] : types.filter((type) => shown.has(type)), not: isMost ? hidden : [] };
}

/** What is asked of a log: other types need not come. Undefined: all may. */
export function typesOf({ only }: LogFilter): readonly string[] | undefined {
  return only.length === 0 ? undefined : only;
}

export function showsType({ only, not }: LogFilter, type: string): boolean {
  return only.length > 0 ? only.includes(type) : !not.includes(type);
}

/** Whether the filter shows an event. Of one that depends on a name which is not known, it is `unknown`. */
export function judge(filter: LogFilter, event: RecordedEvent, known: LogNames): Verdict {
  if (!showsType(filter, event.type)) return 'no';
  if (filter.stream !== '' && hasStream(filter.stream, event.stream) === 'no') return 'no';
  const verdicts = [
    filter.participant === '' ? 'yes' : found(filter.participant, participantsOf(event, known)),
    filter.instrument === '' ? 'yes' : found(filter.instrument, instrumentsOf(event, known)),
    filter.text === '' ? 'yes' : hasText(filter.text, event, known),
  ];
  if (verdicts.includes('no')) return 'no';
  return verdicts.includes('unknown') ? 'unknown' : 'yes';
}

function hasStream(wanted: string, stream: string): Verdict {
  const [isExcluded, name] = excluding(wanted);
  return (stream === name) === isExcluded ? 'no' : 'yes';
}

/** Names of what an event is about; undefined stands for one that is not known. */
type Names = readonly (string | undefined)[];

function found(wanted: string, among: Names): Verdict {
  const [isExcluded, name] = excluding(wanted);
  if (among.includes(name)) return isExcluded ? 'no' : 'yes';
  if (among.includes(undefined)) return 'unknown';
  return isExcluded ? 'yes' : 'no';
}

function excluding(wanted: string): readonly [boolean, string] {
  return wanted.startsWith('!') ? [true, wanted.slice(1).trim()] : [false, wanted];
}

function participantsOf(recorded: RecordedEvent, known: LogNames): Names {
  const event = eventOf(recorded);
  if (event.type === 'ParticipantAdmitted') return [event.name];
  if ('participantId' in event) return [known.participant(event.participantId)];
  if (event.type === 'DealConfirmed') {
    return [event.initiatorParticipantId, event.responderParticipantId].map((id) => known.participant(id));
  }
  return intentionsOf(recorded).map((id) => known.participantOf(id));
}

function instrumentsOf(recorded: RecordedEvent, known: LogNames): Names {
  const event = eventOf(recorded);
  if (event.type === 'InstrumentListed') return [event.symbol];
  if (event.type === 'LimitsSet' && event.instrumentId === 0) return known.symbols();
  if ('instrumentId' in event) return [known.instrument(event.instrumentId)?.symbol];
  // All sides of a deal are of one instrument.
  const symbols = intentionsOf(recorded).map((id) => known.instrumentOf(id)?.symbol);
  return [symbols.find((symbol) => symbol !== undefined) ?? symbols[0]].slice(0, symbols.length);
}

function hasText(wanted: string, event: RecordedEvent, known: LogNames): Verdict {
  const [isExcluded, text] = excluding(wanted.toLowerCase());
  const texts = Object.values(event).filter((value) => typeof value === 'string');
  const sentence = sentenceOf(event, known);
  const isFound = [plain(sentence), ...texts].join('\n').toLowerCase().includes(text);
  if (isFound) return isExcluded ? 'no' : 'yes';
  if (intentionsOf(event).some((id) => !known.isKnown(id))) return 'unknown';
  return isExcluded ? 'yes' : 'no';
}
